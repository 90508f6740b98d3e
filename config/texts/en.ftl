# English: every text there is. How to change one or add a language: docs/LANGUAGES.md.
# In pages, lines of one text are joined; <strong> is the only markup a text may hold.

## On every page
base-skip = To the content
base-pages = Pages
base-open-jobs = Open jobs
base-my-alerts = My alerts
base-language = Language
base-foot = No tracking, no third parties, no JavaScript needed. Every letter has a link that ends it.

## The first page
home-title = Job alerts for backend developers
home-heading = Job alerts that fit, and nothing else
home-lead = For backend engineers, database administrators and solutions architects. Say what you want once; letters come when jobs fit, each with the reason why.
home-wishes = Your wishes
home-agree = By pressing the button I say: “{ $words }”
home-send = Send me these alerts
agreed-words = Send job alerts that fit these wishes to my mail address. My address and my wishes are kept for this alone, until I unsubscribe; every letter has a link for that.
confirmed-words = Yes, this address is mine, and I want these job alerts.

## The form
form-preview = See what fits now
form-more = More wishes: contract, education, companies, words
form-letters = Your letters
form-email = Your mail address
form-trap = Leave this empty
form-once-more = Please press the button once more. The page had been open for long, or the form came faster than a person can fill it.
form-trouble =
    { $count ->
        [one] One thing needs another look; what you typed is kept below.
       *[other] { $count } things need another look; what you typed is kept below.
    }
form-none-all = None ticked means all.
form-none-any = None ticked means any.
form-one-a-line = One a line.
form-one-a-line-all = One a line. Empty means all.
form-roles = Which work?
form-skills-any = Skills, any of these
form-skills-any-hint = Parted by commas. One of them is enough.
form-level = Which level?
form-places = Where?
form-places-hint = Cities and countries; +50 km widens a city. Empty means anywhere.
form-home = You work from
form-home-hint = For remote jobs that are open to some countries only. Taken from “Where?” if that is in one country.
form-modes = Remote or on site?
form-pay = Least pay
form-pay-hint = As you would say it; a year, unless you write otherwise.
form-years = Your years of experience
form-years-hint = Jobs that ask for more stay out.
form-skills-all = Skills, all of these
form-skills-all-hint = Jobs that lack one stay out.
form-skills-none = Skills, none of these
form-skills-none-hint = Jobs that name one stay out.
form-words = Words of the text
form-words-hint = Two words mean both; OR, NOT or -word, { $phrase }, ( ), and title: company: skill: before a word.
form-contract = Which contract?
form-education = Which way of education?
form-education-hint = Leave out jobs that insist on a degree by not ticking it. None ticked means all.
form-never = Never these companies
form-only = Only these companies
form-said = Leave out jobs that do not state their…
form-said-hint = Many good jobs are silent on something; they come along unless you tick it.
form-frequency = How often?
form-days = On these days
form-days-hint = For daily and weekly letters.
form-at = At
form-at-hint = By your clock.
form-zone = Your time zone
form-zone-hint = Pick one, or type any name of the IANA list.
form-schedule = Schedule
form-schedule-hint = Only for “By a schedule”: minute hour day month weekday.
form-name = Name of the alert
form-name-hint = You see it in the subject of each letter.

box-backend_engineer = Backend engineer
box-backend_engineer-hint = builds services, APIs and data access
box-database_administrator = Database administrator
box-database_administrator-hint = runs, tunes, designs or develops databases
box-solutions_architect = Solutions architect
box-solutions_architect-hint = decides how systems are built
box-other = Any other role
box-instant = At once
box-instant-hint = a letter as soon as a job appears
box-daily = Daily
box-daily-hint = on the days you tick, or every day
box-weekly = Weekly
box-weekly-hint = on the one day you tick, or Monday
box-cron = By a schedule
box-cron-hint = five cron fields
box-said-pay = pay
box-said-seniority = level
box-said-places = place
box-said-work_modes = work mode
box-said-employment_types = contract
box-said-companies = company
box-said-roles = role
box-said-education = education

## What fits now
fits-label = What fits now
fits-not-counted = Not counted yet:
fits-open =
    { $count ->
        [one] <strong>{ $count }{ $plus }</strong> job is open right now.
       *[other] <strong>{ $count }{ $plus }</strong> jobs are open right now.
    }
fits-look = Look at them
fits-no-wish = No wish is made yet: say what you want below, and only that comes.
fits-fit =
    { $count ->
        [one] <strong>{ $count }</strong> of the { $all } open jobs fits your wishes now.
       *[other] <strong>{ $count }</strong> of the { $all } open jobs fit your wishes now.
    }
fits-fit-newest =
    { $count ->
        [one] <strong>{ $count }</strong> of the { $all } open jobs fits your wishes now, among the newest { $all }.
       *[other] <strong>{ $count }</strong> of the { $all } open jobs fit your wishes now, among the newest { $all }.
    }
fits-week-none = None was published within the last { $days } days.
fits-week-few = By the last { $days } days, fewer than one a week.
fits-week-one = By the last { $days } days, about one a week.
fits-week = By the last { $days } days, about { $count } a week.
fits-broad = <strong>That is more than anybody reads.</strong> Narrow it by { $wishes }.
fits-without = Without “{ $wish }” { $count } would fit.
fits-nothing = Nothing yet: you hear of the first one. Fewer wishes bring more.
fits-homeless = Remote jobs that are open to some countries only are found once “You work from” is filled in.
fits-skill-near = “{ $skill }” is no skill known here: did you mean “{ $near }”?
fits-skill-unknown = “{ $skill }” is no skill known here; “Words of the text” looks for any word.

wish-skills = skills
wish-level = level
wish-place = place
wish-pay = least pay
wish-mode = remote or on site
wish-years = years of experience
wish-words = words of the text
wish-role = role
wish-contract = contract
wish-education = education
wish-companies = companies

## What is not understood in the form; { $says } tells it exactly, in English
fault-other = { $says }
fault-email = { $says }
fault-pay = { $says }
fault-places = { $says }
fault-home_country = { $says }
fault-experience_years = { $says }
fault-keywords = { $says }
fault-skills = { $says }
fault-time_zone = { $says }
fault-at = { $says }
fault-cron = { $says }
fault-days = { $says }
fault-name = { $says }

## Wishes, told
told-role = Role
told-skills = Skills
told-level = Level
told-experience = Experience
told-pay = Pay
told-place = Place
told-mode = Work mode
told-home = Works from
told-contract = Contract
told-education = Education
told-only-at = Only at
told-never-at = Never at
told-words = Words
told-years = { $years } years
told-least = at least { $pay }
told-least-stated = at least { $pay }, and only where pay is stated
told-only-where-said = only where it is said
told-one-of = one of { $skills }
told-all-of = all of { $skills }
told-not = not { $skills }

## When letters come
cadence-instant = as soon as a job appears
cadence-daily = daily at { $at } ({ $zone })
cadence-days = { $days } at { $at } ({ $zone })
cadence-weekly = every { $day } at { $at } ({ $zone })
cadence-schedule = by the schedule { $schedule } ({ $zone })
day-mon = Mon
day-tue = Tue
day-wed = Wed
day-thu = Thu
day-fri = Fri
day-sat = Sat
day-sun = Sun

## Words of facts
role-backend_engineer = backend engineer
role-database_administrator = database administrator
role-solutions_architect = solutions architect
role-other = other role
level-intern = intern
level-entry = entry level
level-mid = mid level
level-senior = senior
level-lead_or_manager = lead or manager
mode-remote = remote
mode-hybrid = hybrid
mode-onsite = on site
contract-full_time = full time
contract-part_time = part time
contract-contract = contract
contract-temporary = temporary
contract-internship = internship
contract-apprenticeship = apprenticeship
education-degree_required = degree required
education-degree_preferred = degree or equivalent
education-bootcamp_ok = boot camp or self-taught welcome
education-apprenticeship = apprenticeship
education-none_stated = no education stated

## Pay and dates
pay-from = from { $pay }
pay-up-to = up to { $pay }
pay-year = { $pay } a year
pay-month = { $pay } a month
pay-week = { $pay } a week
pay-day = { $pay } a day
pay-hour = { $pay } an hour
pay-lakh = lakh
pay-crore = crore
date-short = { $day } { $month } { $year }
date-long = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

## A card of a job
card-closed = closed

## Answers of the form
mailbox-heading = Look into your mailbox
mailbox-letter = If this address can get alerts, a letter with a button is on its way. Press the button and your alerts begin.
mailbox-button = The button works for { $hours } hours. Without it nothing is ever sent. Nothing there? Look into the spam folder; one such letter a day goes to an address.
mailbox-meanwhile = See open jobs meanwhile
mailbox-link = If this address has alerts here, a letter with a new link is on its way.
mailbox-link-days = The link works for { $days } days.
many-heading = Too many at once
many-line = Many forms came within the last hour. Please come back later.

## Confirming
confirm-title = Confirm your alert
confirm-heading = One press and it begins
confirm-alert = The alert <strong>{ $name }</strong> for <strong>{ $address }</strong>, { $cadence }.
confirm-hint = Was it not you? Close this page: without the button nothing is sent and the address is deleted within days.
confirmed-title = Thank you
confirmed-heading = Thank you for subscribing to your personalised job alerts.
confirmed-alert = The alert <strong>{ $name }</strong> is on, { $cadence }. A first letter with the best of what is open now is on its way.
confirmed-manage = See or change my alerts

## A lost link
link-title = My alerts
link-heading = See and change your alerts
link-lead = There is no password. Type your address, and a letter brings you a private link.
link-send = Send me the link

## Ending alerts
leave-title-all = End all my alerts
leave-title-one = End this alert
leave-heading-all = End all your alerts?
leave-heading-one = End this alert?
leave-alert = The alert <strong>{ $name }</strong>, { $cadence }.
leave-alert-more = The alert <strong>{ $name }</strong>, { $cadence }, and { $others } more.
leave-one = End this alert
leave-all = End all my alerts ({ $count })
leave-hint = Nothing happens before you press. To change or pause it instead,
leave-link = ask for your manage link
left-heading = This alert has ended
left-cancelled = No more letters come from it, and those that were waiting are cancelled.
left-welcome = You are welcome back at any time.
left-new = Make a new alert

## Keeping alerts
renew-title = Keep your alerts
renew-heading = Do you still want your alerts?
renew-one = It is
renew-many = They are
renew-keep = Keep my alerts
renew-hint = Nothing happens before you press. Without it they end by themselves, and no further mail comes.
renewed-heading = Your alerts are kept
renewed-line = They go on as before. You can change, pause or end them from every letter.
expired-heading = These alerts have ended
expired-line = The time to keep them has passed, or they were ended by hand.

## What goes wrong
unknown-heading = This link leads nowhere
unknown-lost = This link is not one of ours, or a part of it got lost on the way.
unknown-again = Open it once more from the letter, or ask for a new one.
ended-heading = This link has ended
ended-why = Links to your alerts end after some days, and a confirmation works once; this keeps your address safe.
ended-well = If you confirmed before, all is well: your alerts are on.
link-new = Send me a new link
busy-heading = Not now
busy-line = Nothing was changed. Please try once more in a minute.
most-heading = No more alerts
kept-not-heading = This cannot be kept
wrong-heading = Something is wrong here
wrong-line = The operator finds the reason in the log.
foreign-heading = This form came from another site
foreign-line = Open the page here and send it once more.
large-heading = This is too much
large-line = At most { $kilobytes } kilobytes are taken here.
slow-heading = This took too long
slow-line = Please send the form once more.
nowhere-heading = There is nothing here
nowhere-line = The address may be mistyped, or the page is gone.
first-page = To the first page

## Letters: the foot
letter-sent-by = Sent by { $service }
letter-contact = Questions and complaints:
letter-asked-for = This mail was asked for on our page; it is not part of a list.

## The letter that asks for the confirmation
letter-confirm-subject = Confirm your job alerts from { $service }
letter-confirm-preheader = One click on the page that opens, and your alerts begin.
letter-confirm-heading = Please confirm your address
letter-confirm-who =
    Somebody, most likely you, asked { $service } to send job alerts to
    this address. Open this page and press the button to begin:
letter-confirm-open = Open the confirmation page
letter-confirm-until =
    The link is good for { $hours } hours. If it was not you, do nothing: without the
    button no alert is ever sent, and the address is forgotten.

## The letter with a new link
letter-link-subject = Your link to manage your job alerts
letter-link-preheader = Change, pause or end your alerts.
letter-link-heading = Your alerts
letter-link-asked =
    You asked for a new link to your alerts at { $service }. On this page
    you can change, pause or end them, and see or erase what we keep:
letter-link-open = Manage your alerts
letter-link-until =
    The link is good for { $days } days. Whoever has it can change your alerts, so do
    not pass this mail on. If you did not ask for it, you need do nothing.

## The letter that says that all has ended
letter-goodbye-subject = Your job alerts have ended
letter-goodbye-preheader = As was asked on our page. No further mail comes.
letter-goodbye-ended =
    All your alerts at { $service } have ended, as was asked with a link from
    one of your letters. What was on its way is cancelled, and no further mail
    comes.
letter-goodbye-foot = This mail confirms what was asked on our page; it is the last one.

## Your alerts
manage-heading = Your alerts
manage-for = For { $address }.
manage-paused = Your alerts are paused until you resume them.
manage-paused-until = Your alerts are paused until { $day }.
manage-resume = Resume now
manage-every-job = Every job there is.
manage-said = What you said of jobs ({ $count })
manage-take-back = Take back
manage-take-back-of = Take back: { $title }
manage-change = Change
manage-feed = As a private feed:
manage-feed-hint = Whoever has the address can read it, until the alert ends.
manage-webhook = Post it to a program of mine
manage-none = There is no alert any more.
manage-new = Make a new one
manage-add = Add an alert
manage-pause-heading = Pause
manage-until = Until, or empty until you resume
manage-until-fault = “{ $text }” is no day a pause can end: give a date within a year, such as 2027-01-31, or leave it empty
manage-pause = Pause all my alerts
manage-language-heading = Language
manage-language = My letters speak
manage-language-keep = Keep the language
manage-leave-heading = Leave, take along, erase
manage-leave = End all alerts
manage-export = Download everything kept about me
manage-erase = Erase everything about me…
manage-no-button = Nothing was changed: press one of the buttons.
manage-ended-meanwhile = This alert has ended meanwhile.
manage-left = You have left: sign up once more on the first page.
done-changed = Your changes are kept.
done-added = The new alert is on.
done-paused = Your alerts are paused.
done-resumed = Your alerts are on again.
done-unsaid = It is taken back.
done-ended = The alert has ended.
done-left = All your alerts have ended.
done-spoken = Your letters speak this language from now on.
done-unhooked = The alert is posted nowhere any more.
done-hooked = It is kept. Send a test to see whether it works.
done-tested = A test is on its way. Load this page again in a few seconds to see how it went.
edit-change = Change this alert
edit-new = A new alert
edit-keep = Keep the changes
edit-add = Add this alert
edit-preview = See how many fit now
edit-back = Back without changes
erase-title = Erase everything
erase-heading = Erase everything about you?
erase-what = Your address, your alerts, your consent record and the record of your letters are deleted at once. This cannot be undone.
erase-never = And never write to this address again
erase-never-hint = An unreadable mark of the address is kept, so that nobody can sign it up.
erase-back = Back
erased-heading = Everything about you is erased
erased-line = Your address, your alerts and the record of your letters are deleted. Links in old letters lead nowhere now.

## What one thinks of a job
feedback-heading = What do you think of this job?
feedback-lead = Your answer bears on the letters of “{ $alert }” from the next one on.
feedback-said = You said: { $words }.
feedback-because = { $opinion }, because of { $why }
feedback-undo = Take it back
feedback-more = More like this
feedback-not = Not for me
feedback-why = Why not?
feedback-why-hint = Jobs that are alike in it stay away too.
feedback-why-this = Just not this one
feedback-why-role = The role
feedback-why-level = The level
feedback-why-pay = The pay
feedback-why-pay-hint = Jobs that pay no more stay away
feedback-why-place = The place
feedback-why-skill = A skill
feedback-skill = Which skill?
feedback-never = Never this company
feedback-hint = Nothing is kept before you press a button. Everything you said is listed on the page of your alerts.
feedback-no-button = Nothing was kept: press one of the buttons.
feedback-which-skill = Say which skill it is.
opinion-more = more like this
opinion-not_for_me = not for me
opinion-never_company = never this company
objection-role = the role
objection-level = the level
objection-pay = the pay
objection-place = the place
objection-skill = a skill

## Open jobs
jobs-open =
    { $count ->
        [one] <strong>{ $count }{ $plus }</strong> job open now.
       *[other] <strong>{ $count }{ $plus }</strong> jobs open now.
    }
jobs-fit =
    { $count ->
        [one] <strong>{ $count }</strong> job fits.
       *[other] <strong>{ $count }</strong> jobs fit.
    }
jobs-fit-newest =
    { $count ->
        [one] <strong>{ $count }</strong> job fits among the newest { $all }.
       *[other] <strong>{ $count }</strong> jobs fit among the newest { $all }.
    }
jobs-all = Show all
jobs-alert = Get these as alerts
jobs-filter = Filter
jobs-show = Show what fits
jobs-nothing = Nothing fits now. Fewer wishes bring more.
jobs-older = Older jobs
jobs-see = See open jobs
jobs-pay-heading = What they pay
jobs-pay-hint = Of all open jobs that state their pay, a year, by country; rows with fewer than five are left out.
jobs-pay-label = Pay by role and level
jobs-pay-middle = Middle half
jobs-pay-jobs = Jobs
jobs-pay-more = By country, as a chart
digest-heading = All jobs of this letter
digest-total =
    { $count ->
        [one] { $count } job fitted when it was sent.
       *[other] { $count } jobs fitted when it was sent.
    }
digest-shown = In the letter
digest-folded = Left out of the letter to keep it short
digest-gone-heading = This list has ended
digest-gone = The list of an old letter is not kept for ever.

## What jobs pay
pay-page-heading = What open jobs pay
pay-page-lead = { $stating } of { $open } open jobs state their pay ({ $share } %).
pay-page-hint = A year, as stated, each currency by itself; pay for an hour, a day or a month is reckoned for a full-time year, of a range its middle is taken. Rows with fewer than five jobs are left out.
pay-page-box = The box holds the middle half of the jobs, its line is the median, the thin line holds the middle eight of ten.
pay-page-says = { $role }, { $level }: median { $median }, the middle half { $half }
pay-page-table = Pay as a table: { $title }
pay-page-no-country = Country not stated
pay-page-role-level = Role and level
pay-page-lower = Lower quartile
pay-page-median = Median
pay-page-upper = Upper quartile
pay-page-state-it = State it
pay-page-of = { $count } of { $all } ({ $share } %)
pay-page-too-few = Too few open jobs state their pay to say more.
level-all = all levels
level-not-stated = level not stated

## A job and its facts
job-closed-on = This job was closed on { $day }.
job-apply = Apply at { $host }
job-understood = What we understood
job-concluded = (concluded)
job-posting = The posting
job-first-seen = First seen here on { $day }.
job-first-seen-from = First seen here on { $day }, from { $credit }.
job-gone-heading = This job is not here
job-gone = It may have been taken down long ago.
fact-role = Role
fact-level = Level
fact-experience = Experience
fact-years = { $years } years or more
fact-pay = Pay
fact-a-year = In a year
fact-reckoned = { $pay }, reckoned with { $with }
reckoned-year = one year
reckoned-month = 12 months
reckoned-week = 52 weeks
reckoned-day = 260 days
reckoned-hour = 2,080 hours
fact-extras = Paid besides
fact-place = Place
fact-mode = Work mode
fact-remote-from = Remote from
fact-skills = Skills
fact-nice = Nice to have
fact-contract = Contract
fact-education = Education
fact-visa = Visa
fact-visa-yes = sponsored
fact-visa-no = not sponsored
fact-moving = Moving
fact-moving-yes = helped with
fact-moving-no = not helped with
fact-perks = Perks
fact-company = Company
fact-posted-by = Posted by
extra-equity = equity
extra-bonus = bonus
extra-commission = commission
extra-overtime = paid overtime
extra-allowance = allowance
extra-superannuation = superannuation
perk-paid_leave = paid leave
perk-health_insurance = health insurance
perk-flexible_hours = flexible hours
perk-four_day_week = four-day week
perk-learning_budget = learning budget
perk-parental_leave = parental leave
perk-relocation = relocation help
perk-stock_options = stock or options
perk-retirement_plan = pension or retirement plan
perk-home_office_budget = home office budget
perk-wellness = wellness
perk-commuting = commuting help
company-startup = start-up
company-scaleup = scale-up
company-enterprise = large company
company-public_sector = public sector
by-employer = the employer itself
by-agency = a recruiter or agency

## The last letter, its end
letter-goodbye-not-you =
    Was it not you? Somebody to whom a letter was passed on can have pressed the
    button.
letter-goodbye-new = make a new alert
letter-goodbye-welcome = You are welcome to { $link } at any time.
letter-goodbye-welcome-text = You are welcome to make a new alert at any time:
letter-goodbye-see = See or erase what we keep of you
letter-goodbye-days = this link is good for { $days } days.
letter-goodbye-days-text = the link is good for { $days } days:

## The foot of letters of an alert
letter-because = You get this because you subscribed to “{ $name }”, { $cadence }.
letter-because-text = You get this because you subscribed to "{ $name }", { $cadence }.
letter-agreed = You agreed to it on { $day }.
letter-manage = Change or pause your alerts
letter-unsubscribe = Unsubscribe from this alert

## Jobs in letters
letter-name = Your job alert
letter-untitled = Untitled job
letter-a-job = a job without a title
letter-unnamed = Unnamed company
letter-places = { $places } and { $count } more places
letter-remote = Remote
letter-remote-in = Remote in { $countries }
letter-remote-in-more = Remote in { $countries } and { $count } more
letter-pay = Pay: { $pay }
letter-pay-not-stated = Pay not stated
letter-not-stated = not stated
letter-why = Why you see this: { $reasons }
letter-reason = { $wish }: { $found }
letter-reason-unknown = { $wish } not stated
letter-reason-remote = remote, no country named
letter-reason-remote-open = remote, open to { $countries }
letter-reason-none = none of these
letter-source = { $age }, from { $source }
letter-apply = Apply: { $url }
letter-apply-at = Apply at { $host }
letter-see = See the job
letter-feedback = More like this, or not for me
letter-more =
    { $count ->
        [one] + { $count } more that fits
       *[other] + { $count } more that fit
    }
letter-elsewhere = and { $count } elsewhere
letter-headline-more = + { $count } more
letter-since = What became of jobs you liked
letter-since-more = and { $count } more of the jobs you liked
letter-changed = { $part }: { $after }, was { $before }
letter-new =
    { $count ->
        [one] { $count } new job fits
       *[other] { $count } new jobs fit
    }
letter-closed =
    { $count ->
        [one] { $count } more was closed before this mail was sent.
       *[other] { $count } more were closed before this mail was sent.
    }
letter-none-open = { $name }: no job is open any more
letter-welcome-thanks = Thank you for subscribing to your personalised job alerts. They come { $cadence }.
letter-welcome-fit =
    { $count ->
        [one] { $count } open job fits already;
       *[other] { $count } open jobs fit already;
    }
letter-welcome-one = it is below.
letter-welcome-best = the best of them are below.
letter-welcome-nothing = Nothing that is open now fits yet. You will hear from us when something does.
letter-welcome-subject =
    { $count ->
        [one] Welcome: { $count } open job fits your alert now
       *[other] Welcome: { $count } open jobs fit your alert now
    }
letter-welcome-subject-none = Welcome: your job alert is on
age-now = just now
age-minutes = { $count } min ago
age-hours = { $count } h ago
age-day = 1 day ago
age-days = { $count } days ago
age-weeks = { $count } weeks ago
age-months = { $count } months ago
criterion-role = role
criterion-skills = skills
criterion-seniority = level
criterion-experience = experience
criterion-salary = pay
criterion-place = place
criterion-work_mode = work mode
criterion-employment_type = contract
criterion-education = education
criterion-company = company
criterion-keywords = keywords
event-changed = changed
event-closed = closed
event-relisted = open again
part-title = title
part-place = place
part-pay = pay
part-text = description

## The letter that asks whether the alerts are still wanted
letter-renew-subject = Do you still want your job alerts?
letter-renew-preheader = One press keeps them. Without it they end by themselves on { $day }.
letter-renew-silent =
    We have had no sign from you since { $since }. Alerts end after
    { $days } days without one, so that nobody gets mail they have forgotten:
    yours end on { $day }, unless you say that you want them.
letter-renew-open = Open this page and press the button to keep them:
letter-renew-keep = Keep my alerts
letter-renew-about = It is about:
letter-renew-more = and { $count } more
letter-renew-nothing = If you do nothing, they end and no further mail comes. This is asked once.
letter-renew-because = You get this because you subscribed to job alerts.
letter-renew-because-on = You get this because you subscribed to job alerts; you agreed to them on { $day }.
letter-renew-end = End them all now

## The letter about an alert that brought nothing
letter-silence-subject = Nothing new for { $days } days: { $name }
letter-silence-preheader = Without the wish for { $wish }, { $count } would have fitted.
letter-silence-preheader-none = Your alert is on. No single wish keeps jobs away.
letter-silence-days = For { $days } days no new job has fitted this alert. It is on, and looks on.
letter-silence-days-of =
    For { $days } days no new job has fitted this alert, of { $published } that
    were published. It is on, and looks on.
letter-silence-most = What keeps the most away
letter-silence-without =
    { $count ->
        [one] without this wish { $count } job would have fitted
       *[other] without this wish { $count } jobs would have fitted
    }
letter-silence-change = Change this alert
letter-silence-together =
    No single wish is to blame: dropping any one of them would have brought
    nothing either. Fewer of them together would.
letter-silence-nothing = It is not your wishes: nothing at all was published here meanwhile.
letter-silence-once = This is said once. The next mail comes when something fits.

## The page of a webhook
webhook-heading = Post this alert to a program
webhook-what = What the alert brings is posted to this address as JSON, signed as Standard Webhooks has it, whenever a mail would go out. The mails go on as before.
webhook-label = Address (https)
webhook-replace-label = Another address (https)
webhook-keep = Post it there
webhook-replace = Replace, with a new secret
webhook-secret = With this secret your program checks that a call comes from us. Keep it now: it is not shown again.
webhook-address = Address
webhook-standing = State
webhook-fault = Last failure
webhook-worked = Last worked
webhook-new = On. Nothing has been posted yet.
webhook-well = It works.
webhook-failing = It has failed since { $at }, and is tried again with longer and longer pauses.
webhook-off = Switched off on { $at }. A test switches it on again.
webhook-test = Send a test
webhook-drop = Take it away
webhook-fault-https = Give one address that begins with https, without user name and password, such as https://example.org/jobs
webhook-fault-public = Give the name of a host that can be reached from everywhere, such as example.org
webhook-fault-off = Nothing is posted from here at the moment: the operator has switched it off.
call-refused = it answers with an error
call-gone = it says that it is gone for good
call-slow = it takes too long to answer
call-unreachable = it cannot be reached
call-forbidden = its address leads where nothing may be posted to

## The letter about a webhook that is off
letter-webhook-subject = Posting is switched off: { $name }
letter-webhook-gone = This alert was also posted to { $host }, which now says that it is gone for good. Nothing more is posted there.
letter-webhook-failed =
    This alert was also posted to { $host }, which has taken nothing since { $day }: { $fault }.
    Nothing more is posted there, and what waited for it is dropped.
letter-webhook-mails = Your mails go on as before, with everything that the alert brings.
letter-webhook-look = Look at it, or switch it on again
