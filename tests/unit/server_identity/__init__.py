"""Sign-in and people: tokens, enrolment, throttling."""
