"""Every act that somebody may do: the words of the policy, and of each view that it stands before."""

from __future__ import annotations

from enum import StrEnum


class May(StrEnum):
    """Every act that the application knows."""

    read = "read"  # pages for everybody who is signed in
    read_internal = "read_internal"  # pages that do not exist for partners
    read_lane = "read_lane"  # the pages of a partner's contacts
    keep_profile = "keep_profile"
    keep_inbox = "keep_inbox"
    mute = "mute"

    manage_people = "manage_people"
    manage_units = "manage_units"
    manage_partners = "manage_partners"
    manage_calendars = "manage_calendars"
    manage_settings = "manage_settings"
    invite_contact = "invite_contact"
    audit = "audit"
    export_trail = "export_trail"
    import_portfolio = "import_portfolio"
    import_directory = "import_directory"
    import_data = "import_data"
    import_readings = "import_readings"
    import_goals = "import_goals"
    import_actions = "import_actions"
    import_milestones = "import_milestones"

    create_initiative = "create_initiative"
    edit_initiative = "edit_initiative"
    edit_in_bulk = "edit_in_bulk"
    edit_team = "edit_team"
    set_lead = "set_lead"
    change_lead_unit = "change_lead_unit"
    copy_initiative = "copy_initiative"
    propose_sponsor = "propose_sponsor"
    answer_sponsorship = "answer_sponsorship"
    withdraw_proposal = "withdraw_proposal"
    sponsor_in_bulk = "sponsor_in_bulk"
    ask_stage = "ask_stage"
    decide_stage = "decide_stage"
    edit_request = "edit_request"
    decide_approval = "decide_approval"
    second_approval = "second_approval"
    settle_condition = "settle_condition"
    undo_decision = "undo_decision"  # within ten minutes, until somebody has acted
    hold = "hold"
    resume = "resume"
    stop = "stop"
    step_back = "step_back"
    edit_charter = "edit_charter"
    publish_charter = "publish_charter"
    sign = "sign"
    override_objection = "override_objection"
    rate = "rate"
    settle_priority = "settle_priority"
    appoint_deputy = "appoint_deputy"  # an executive's, as sponsor
    appoint_heads_deputy = "appoint_heads_deputy"
    end_deputyship = "end_deputyship"
    agree_share = "agree_share"

    add_kpi = "add_kpi"
    edit_kpi = "edit_kpi"
    add_reading = "add_reading"
    set_target = "set_target"

    set_goal = "set_goal"
    rebaseline = "rebaseline"
    enter_benefit = "enter_benefit"
    confirm_benefit = "confirm_benefit"

    plan_milestone = "plan_milestone"  # on an initiative
    keep_milestone = "keep_milestone"  # change, move, check, reach, drop, take up

    post_update = "post_update"

    add_action = "add_action"
    arrange_actions = "arrange_actions"  # their order on an initiative
    do_action = "do_action"  # acknowledge, start, tell, hand in, decline, propose a date
    host_action = "host_action"  # assign, edit, set or answer a date, cancel
    accept_action = "accept_action"  # or return it
    add_evidence = "add_evidence"
    remove_evidence = "remove_evidence"
    comment = "comment"  # on an action
    discuss = "discuss"  # an initiative
    edit_comment = "edit_comment"
    comment_scorecard = "comment_scorecard"  # one's own

    raise_blocker = "raise_blocker"
    raise_on_us = "raise_on_us"  # what stops a partner, on its own action
    name_answerer = "name_answerer"
    answer_blocker = "answer_blocker"
    settle_blocker = "settle_blocker"  # a dispute over it
    pass_on_blocker = "pass_on_blocker"
    close_blocker = "close_blocker"
    withdraw_blocker = "withdraw_blocker"
    chain_blocker = "chain_blocker"
    edit_blocker = "edit_blocker"

    save_own_board = "save_own_board"
    save_shared_board = "save_shared_board"
    edit_board = "edit_board"
