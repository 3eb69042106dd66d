"""What citizens are told when a step is taken: one sentence each.

Holds no unit, date or name in itself; `%(…)s` places are filled by who sends the message.
"""

from app.kernel.messages import mark

ACCEPTED = mark("Your matter %(number)s has been accepted and is being passed on.")
DISPATCHED = mark("Your matter %(number)s is now with %(unit)s.")
SIGNED = mark("%(unit)s has taken on your matter %(number)s.")
ANSWERED = mark("Your matter %(number)s has been answered. The answer is on its page.")
DECLINED = mark("Your matter %(number)s could not be accepted. The reason is on its page.")
REFERRED = mark("Your matter %(number)s belongs elsewhere. Its page says where to turn to.")
MERGED = mark("Your matter %(number)s is handled together with the same matter of others.")
UNMERGED = mark("Your matter %(number)s is handled on its own again.")
STAYS_MERGED = mark("Your matter %(number)s stays joined. The reason is on its page.")
QUESTION = mark("There is a question about your matter %(number)s. Please answer on its page.")
EXTENDED = mark("Your matter %(number)s needs more time. Reason and new date are on its page.")
SUSPENDED = mark("Your matter %(number)s is suspended. Reason and date are on its page.")
RESUMED = mark("Work on your matter %(number)s goes on.")
TERMINATED = mark("Handling of your matter %(number)s has ended. The reason is on its page.")
REPLIED = mark("Your matter %(number)s has a reply. Please read it on its page.")
CLOSED = mark("Your matter %(number)s is closed. What was done is on its page.")
REWORK = mark("Your matter %(number)s is being handled again.")
NOT_REOPENED = mark("Your matter %(number)s stays closed. The reason is on its page.")
DEFECTS = mark("Papers of your application %(number)s have to be completed. See its page.")
PAPERS_TAKEN = mark("The papers you added to your application %(number)s have been taken in.")
ADMITTED = mark("Your application %(number)s is accepted. The date is on its page.")
DEEMED_ADMITTED = mark(
    "Your application %(number)s counts as accepted from the day your papers came in."
)
NOT_ADMITTED = mark("Your application %(number)s was not accepted. The reason is on its page.")
PROCEDURE = mark("A special procedure began on your application %(number)s. See its page.")
PROCEDURE_OVER = mark("The special procedure on your application %(number)s has ended.")
GRANTED = mark("Your application %(number)s was granted.")
REFUSED = mark("Your application %(number)s was refused. Why, and what you can do, is on its page.")
DELIVERED = mark("The decision on your application %(number)s was handed out or is on its way.")
TAKEN_BACK = mark("Your application %(number)s was withdrawn, as you asked.")
DEEMED_WITHDRAWN = mark(
    "Your application %(number)s counts as withdrawn: the promised papers did not come in time."
)
RECHECKED = mark("The unit above has decided on your complaint %(number)s. Read it on its page.")
FILED = mark("The repair you reported, %(number)s, was filed and is being passed on.")
NOT_FILED = mark("The repair you reported, %(number)s, was not filed. The reason is on its page.")
COORDINATED = mark(
    "Nobody owns what you reported in %(number)s; %(unit)s sees to it that it is repaired."
)
SET_OUT = mark("Somebody is on the way to the repair you reported, %(number)s.")
REPAIRED = mark("What you reported in %(number)s is repaired and is now being checked.")
CHECKED_AGAIN = mark("The repair %(number)s was checked and has to be done again.")
CHECKED = mark("The repair you reported, %(number)s, was checked and is in order.")
