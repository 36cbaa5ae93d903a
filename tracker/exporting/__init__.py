"""What leaves the application: lists as CSV and XLSX, and the complete JSON."""
