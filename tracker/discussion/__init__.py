"""Comments on actions and initiatives: among ourselves, or shared with the partner whose action it is (rule 20)."""
