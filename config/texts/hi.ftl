# हिन्दी: रोज़मर्रा की भाषा, "आप" के साथ; तकनीकी शब्द Latin अक्षरों में। जो यहाँ नहीं है, वह English में दिखता है।

## हर पेज पर
base-skip = सीधे content पर जाएँ
base-pages = पेज
base-open-jobs = खुली नौकरियाँ
base-my-alerts = मेरे alerts
base-language = भाषा
base-foot = कोई tracking नहीं, कोई third party नहीं, JavaScript ज़रूरी नहीं। हर mail में उसे बंद करने का link होता है।

## पहला पेज
home-title = Backend developers के लिए job alerts
home-heading = वही job alerts जो आपके काम के हों, और कुछ नहीं
home-lead = Backend engineers, database administrators और solutions architects के लिए। एक बार बताइए कि आप क्या चाहते हैं; जब कोई नौकरी मेल खाएगी, mail आएगा, हर एक वजह के साथ।
home-wishes = आप क्या चाहते हैं
home-agree = बटन दबाकर मैं कहता/कहती हूँ: “{ $words }”
home-send = मुझे ये alerts भेजिए
agreed-words = मेरे mail address पर वे job alerts भेजिए जो इन इच्छाओं से मेल खाते हैं। मेरा address और मेरी इच्छाएँ सिर्फ़ इसी काम के लिए रखी जाएँगी, जब तक मैं unsubscribe न करूँ; हर mail में इसके लिए link होता है।
confirmed-words = हाँ, यह address मेरा है, और मुझे ये job alerts चाहिए।

## फ़ॉर्म
form-preview = देखिए अभी क्या मेल खाता है
form-more = और इच्छाएँ: contract, पढ़ाई, कंपनियाँ, शब्द
form-letters = आपके mail
form-email = आपका mail address
form-trap = इसे खाली छोड़ दीजिए
form-once-more = कृपया बटन एक बार फिर दबाइए। पेज बहुत देर से खुला था, या form इतनी जल्दी आया जितनी जल्दी कोई इंसान नहीं भर सकता।
form-trouble =
    { $count ->
        [one] एक बात को दोबारा देख लीजिए; आपने जो लिखा, वह नीचे है।
       *[other] { $count } बातों को दोबारा देख लीजिए; आपने जो लिखा, वह नीचे है।
    }
form-none-all = कुछ न चुनें तो सब चलेगा।
form-none-any = कुछ न चुनें तो कोई भी चलेगा।
form-one-a-line = हर line में एक।
form-one-a-line-all = हर line में एक। खाली मतलब सब।
form-roles = कौन सा काम?
form-skills-any = Skills, इनमें से कोई भी
form-skills-any-hint = Comma से अलग कीजिए। एक भी काफ़ी है।
form-level = कौन सा level?
form-places = कहाँ?
form-places-hint = शहर और देश, जैसे बेंगलुरु, Pune या भारत; +50 km से शहर के आसपास भी। खाली मतलब कहीं भी।
form-home = आप यहाँ से काम करते हैं
form-home-hint = उन remote नौकरियों के लिए जो कुछ ही देशों के लिए खुली हैं। “कहाँ?” एक ही देश में हो तो वहीं से लिया जाता है।
form-modes = Remote या office से?
form-pay = कम से कम वेतन
form-pay-hint = जैसे आप कहते हैं, वैसे ही लिखिए; सालाना, अगर आप कुछ और न लिखें।
form-years = आपका अनुभव, सालों में
form-years-hint = जो नौकरियाँ इससे ज़्यादा माँगती हैं, वे नहीं आएँगी।
form-skills-all = Skills, ये सभी
form-skills-all-hint = जिस नौकरी में एक भी न हो, वह नहीं आएगी।
form-skills-none = Skills, इनमें से कोई नहीं
form-skills-none-hint = जिस नौकरी में इनमें से कोई हो, वह नहीं आएगी।
form-words = Text के शब्द
form-words-hint = दो शब्द मतलब दोनों; OR, NOT या -word, { $phrase }, ( ), और शब्द से पहले title: company: skill:।
form-contract = कैसा contract?
form-education = पढ़ाई का कौन सा रास्ता?
form-education-hint = Degree को न चुनें, तो degree पर अड़ी नौकरियाँ नहीं आएँगी। कुछ न चुनें तो सब चलेगा।
form-never = ये कंपनियाँ कभी नहीं
form-only = सिर्फ़ ये कंपनियाँ
form-said = वे नौकरियाँ छोड़ दीजिए जो यह नहीं बतातीं…
form-said-hint = कई अच्छी नौकरियाँ किसी बात पर चुप रहती हैं; जब तक आप यहाँ न चुनें, वे भी आएँगी।
form-frequency = कितनी बार?
form-days = इन दिनों
form-days-hint = रोज़ और हफ़्ते वाले mails के लिए।
form-at = समय
form-at-hint = आपकी घड़ी से।
form-zone = आपका time zone
form-zone-hint = एक चुनिए, या IANA list का कोई भी नाम लिखिए।
form-schedule = Schedule
form-schedule-hint = सिर्फ़ “Schedule से” के लिए: minute hour day month weekday।
form-name = Alert का नाम
form-name-hint = यह हर mail के subject में दिखता है।

box-backend_engineer = Backend engineer
box-backend_engineer-hint = services, APIs और data access बनाते हैं
box-database_administrator = Database administrator
box-database_administrator-hint = databases चलाते, tune, design या develop करते हैं
box-solutions_architect = Solutions architect
box-solutions_architect-hint = तय करते हैं कि systems कैसे बनें
box-other = कोई और काम
box-instant = तुरंत
box-instant-hint = नौकरी आते ही mail
box-daily = रोज़
box-daily-hint = चुने हुए दिनों में, या हर दिन
box-weekly = हर हफ़्ते
box-weekly-hint = चुने हुए एक दिन, या सोमवार को
box-cron = Schedule से
box-cron-hint = cron के पाँच fields
box-said-pay = वेतन
box-said-seniority = level
box-said-places = जगह
box-said-work_modes = काम का तरीक़ा
box-said-employment_types = contract
box-said-companies = कंपनी
box-said-roles = काम
box-said-education = पढ़ाई

## अभी क्या मेल खाता है
fits-label = अभी क्या मेल खाता है
fits-not-counted = अभी गिना नहीं गया:
fits-open =
    { $count ->
        [one] अभी <strong>{ $count }{ $plus }</strong> नौकरी खुली है।
       *[other] अभी <strong>{ $count }{ $plus }</strong> नौकरियाँ खुली हैं।
    }
fits-look = इन्हें देखिए
fits-no-wish = अभी कोई इच्छा नहीं बताई गई: नीचे बताइए कि आप क्या चाहते हैं, और बस वही आएगा।
fits-fit =
    { $count ->
        [one] { $all } खुली नौकरियों में से <strong>{ $count }</strong> अभी आपकी इच्छाओं से मेल खाती है।
       *[other] { $all } खुली नौकरियों में से <strong>{ $count }</strong> अभी आपकी इच्छाओं से मेल खाती हैं।
    }
fits-fit-newest =
    { $count ->
        [one] सबसे नई { $all } खुली नौकरियों में से <strong>{ $count }</strong> अभी आपकी इच्छाओं से मेल खाती है।
       *[other] सबसे नई { $all } खुली नौकरियों में से <strong>{ $count }</strong> अभी आपकी इच्छाओं से मेल खाती हैं।
    }
fits-week-none = पिछले { $days } दिनों में एक भी नहीं आई।
fits-week-few = पिछले { $days } दिनों के हिसाब से: हफ़्ते में एक से कम।
fits-week-one = पिछले { $days } दिनों के हिसाब से: हफ़्ते में लगभग एक।
fits-week = पिछले { $days } दिनों के हिसाब से: हफ़्ते में लगभग { $count }।
fits-broad = <strong>इतनी तो कोई नहीं पढ़ता।</strong> इनसे कम कीजिए: { $wishes }।
fits-without = “{ $wish }” के बिना { $count } मेल खातीं।
fits-nothing = अभी कुछ नहीं: पहली आते ही आपको ख़बर मिलेगी। कम इच्छाएँ रखें तो ज़्यादा आएँगी।
fits-homeless = जो remote नौकरियाँ कुछ ही देशों के लिए खुली हैं, वे तभी मिलेंगी जब “आप यहाँ से काम करते हैं” भरा हो।
fits-skill-near = “{ $skill }” यहाँ कोई जाना हुआ skill नहीं है: क्या आपका मतलब “{ $near }” था?
fits-skill-unknown = “{ $skill }” यहाँ कोई जाना हुआ skill नहीं है; “Text के शब्द” कोई भी शब्द खोजता है।

wish-skills = skills
wish-level = level
wish-place = जगह
wish-pay = कम से कम वेतन
wish-mode = remote या office से
wish-years = अनुभव के साल
wish-words = text के शब्द
wish-role = काम
wish-contract = contract
wish-education = पढ़ाई
wish-companies = कंपनियाँ

## फ़ॉर्म में जो समझ नहीं आया
fault-other = यह समझ नहीं आया। ({ $says })
fault-email = इस address पर mail नहीं भेजा जा सकता। कृपया जाँच लीजिए, जैसे name@example.org। ({ $says })
fault-pay = यह समझ नहीं आया। ऐसे लिखिए: 12 LPA, 90k EUR या 50 USD/hour। ({ $says })
fault-places = यह जगह मालूम नहीं। शहर और देश ऐसे लिखिए: बेंगलुरु +50 km, Pune; Germany। ({ $says })
fault-home_country = यह देश मालूम नहीं। उसका नाम या दो अक्षर लिखिए, जैसे भारत, India या IN। ({ $says })
fault-experience_years = 0 से 80 तक की संख्या लिखिए, जैसे 4 या 2.5। ({ $says })
fault-keywords = यह खोज समझ नहीं आई। ({ $says })
fault-skills = यह skill समझ नहीं आई। ({ $says })
fault-time_zone = यह time zone मालूम नहीं। ऐसे लिखिए: Asia/Kolkata। ({ $says })
fault-at = यह समय नहीं है। ऐसे लिखिए: 08:00। ({ $says })
fault-cron = यह schedule समझ नहीं आया। पाँच fields लिखिए, जैसे 0 9 * * 1-5। ({ $says })
fault-days = हर हफ़्ते वाले mail के लिए एक दिन चुनिए, या रोज़ वाला mail लीजिए। ({ $says })
fault-name = नाम बहुत लंबा है। ({ $says })

## इच्छाएँ, शब्दों में
told-role = काम
told-skills = Skills
told-level = Level
told-experience = अनुभव
told-pay = वेतन
told-place = जगह
told-mode = काम का तरीक़ा
told-home = घर
told-contract = Contract
told-education = पढ़ाई
told-only-at = सिर्फ़ यहाँ
told-never-at = यहाँ कभी नहीं
told-words = शब्द
told-years = { $years } साल
told-least = कम से कम { $pay }
told-least-stated = कम से कम { $pay }, और सिर्फ़ जहाँ वेतन बताया गया हो
told-only-where-said = सिर्फ़ जहाँ बताया गया हो
told-one-of = इनमें से एक: { $skills }
told-all-of = ये सभी: { $skills }
told-not = ये नहीं: { $skills }

## Mail कब आते हैं
cadence-instant = नौकरी आते ही
cadence-daily = रोज़ { $at } बजे ({ $zone })
cadence-days = { $days } को { $at } बजे ({ $zone })
cadence-weekly = हर { $day } को { $at } बजे ({ $zone })
cadence-schedule = schedule { $schedule } से ({ $zone })
day-mon = सोम
day-tue = मंगल
day-wed = बुध
day-thu = गुरु
day-fri = शुक्र
day-sat = शनि
day-sun = रवि

## तथ्यों के शब्द
role-backend_engineer = backend engineer
role-database_administrator = database administrator
role-solutions_architect = solutions architect
role-other = कोई और काम
level-intern = intern
level-entry = शुरुआती level
level-mid = बीच का level
level-senior = senior
level-lead_or_manager = lead या manager
mode-remote = remote
mode-hybrid = hybrid
mode-onsite = office से
contract-full_time = full time
contract-part_time = part time
contract-contract = contract
contract-temporary = कुछ समय के लिए
contract-internship = internship
contract-apprenticeship = apprenticeship
education-degree_required = degree ज़रूरी
education-degree_preferred = degree या उसके बराबर
education-bootcamp_ok = boot camp या ख़ुद सीखा हुआ भी चलेगा
education-apprenticeship = apprenticeship
education-none_stated = पढ़ाई के बारे में कुछ नहीं कहा

## वेतन और तारीख़
pay-from = { $pay } से
pay-up-to = { $pay } तक
pay-year = { $pay } सालाना
pay-month = { $pay } प्रति महीना
pay-week = { $pay } प्रति हफ़्ता
pay-day = { $pay } प्रति दिन
pay-hour = { $pay } प्रति घंटा
pay-lakh = लाख
pay-crore = करोड़
date-short = { $day } { $month } { $year }
date-long = { $day } { $month } { $year }
month-1 = जनवरी
month-2 = फ़रवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मई
month-6 = जून
month-7 = जुलाई
month-8 = अगस्त
month-9 = सितंबर
month-10 = अक्टूबर
month-11 = नवंबर
month-12 = दिसंबर
month-short-1 = जन॰
month-short-2 = फ़र॰
month-short-3 = मार्च
month-short-4 = अप्रैल
month-short-5 = मई
month-short-6 = जून
month-short-7 = जुल॰
month-short-8 = अग॰
month-short-9 = सित॰
month-short-10 = अक्टू॰
month-short-11 = नव॰
month-short-12 = दिस॰

## एक नौकरी
card-closed = बंद

## फ़ॉर्म के जवाब
mailbox-heading = अपना mailbox देखिए
mailbox-letter = अगर इस address पर alerts जा सकते हैं, तो एक बटन वाला mail रास्ते में है। बटन दबाइए, और आपके alerts शुरू हो जाएँगे।
mailbox-button = बटन { $hours } घंटे तक काम करता है। उसके बिना कभी कुछ नहीं भेजा जाता। कुछ नहीं आया? Spam folder देखिए; एक address पर दिन में ऐसा एक ही mail जाता है।
mailbox-meanwhile = तब तक खुली नौकरियाँ देखिए
mailbox-link = अगर इस address के यहाँ alerts हैं, तो नए link वाला mail रास्ते में है।
mailbox-link-days = Link { $days } दिन तक काम करता है।
many-heading = एक साथ बहुत ज़्यादा
many-line = पिछले एक घंटे में बहुत सारे forms आए। कृपया थोड़ी देर बाद आइए।

## पक्का करना
confirm-title = अपना alert पक्का कीजिए
confirm-heading = एक बार दबाइए, और शुरू
confirm-alert = <strong>{ $address }</strong> के लिए alert <strong>{ $name }</strong>, { $cadence }।
confirm-hint = यह आप नहीं थे? यह पेज बंद कर दीजिए: बटन के बिना कुछ नहीं भेजा जाता, और address कुछ दिनों में मिटा दिया जाता है।
confirmed-title = धन्यवाद
confirmed-heading = अपने job alerts subscribe करने के लिए धन्यवाद।
confirmed-alert = Alert <strong>{ $name }</strong> चालू है, { $cadence }। अभी खुली सबसे अच्छी नौकरियों वाला पहला mail रास्ते में है।
confirmed-manage = मेरे alerts देखिए या बदलिए

## खोया हुआ link
link-title = मेरे alerts
link-heading = अपने alerts देखिए और बदलिए
link-lead = यहाँ कोई password नहीं है। अपना address लिखिए, और mail में आपका निजी link आ जाएगा।
link-send = मुझे link भेजिए

## Alerts बंद करना
leave-title-all = मेरे सारे alerts बंद कीजिए
leave-title-one = यह alert बंद कीजिए
leave-heading-all = अपने सारे alerts बंद करने हैं?
leave-heading-one = यह alert बंद करना है?
leave-alert = Alert <strong>{ $name }</strong>, { $cadence }।
leave-alert-more = Alert <strong>{ $name }</strong>, { $cadence }, और { $others } और।
leave-one = यह alert बंद कीजिए
leave-all = मेरे सारे alerts बंद कीजिए ({ $count })
leave-hint = जब तक आप बटन न दबाएँ, कुछ नहीं होता। बदलना या कुछ समय रोकना हो तो
leave-link = अपना manage link मँगाइए
left-heading = यह alert बंद हो गया है
left-cancelled = इससे अब कोई mail नहीं आएगा, और जो रास्ते में थे वे रद्द कर दिए गए हैं।
left-welcome = आप जब चाहें वापस आ सकते हैं।
left-new = नया alert बनाइए

## Alerts जारी रखना
renew-title = अपने alerts जारी रखिए
renew-heading = क्या आपको अपने alerts अब भी चाहिए?
renew-one = यह है
renew-many = ये हैं
renew-keep = मेरे alerts जारी रखिए
renew-hint = जब तक आप बटन न दबाएँ, कुछ नहीं होता। उसके बिना वे अपने आप बंद हो जाएँगे, और आगे कोई mail नहीं आएगा।
renewed-heading = आपके alerts जारी हैं
renewed-line = वे पहले की तरह चलते रहेंगे। हर mail से आप उन्हें बदल, रोक या बंद कर सकते हैं।
expired-heading = ये alerts बंद हो चुके हैं
expired-line = इन्हें जारी रखने का समय निकल गया, या इन्हें किसी ने बंद कर दिया।

## जब कुछ ठीक न हो
unknown-heading = यह link कहीं नहीं जाता
unknown-lost = यह link हमारा नहीं है, या इसका कोई हिस्सा रास्ते में छूट गया।
unknown-again = इसे mail से एक बार फिर खोलिए, या नया link मँगाइए।
ended-heading = यह link अब काम नहीं करता
ended-why = आपके alerts के links कुछ दिनों बाद बंद हो जाते हैं, और पक्का करना एक ही बार होता है; इससे आपका address सुरक्षित रहता है।
ended-well = अगर आप पहले ही पक्का कर चुके हैं, तो सब ठीक है: आपके alerts चालू हैं।
link-new = मुझे नया link भेजिए
busy-heading = अभी नहीं
busy-line = कुछ नहीं बदला गया। कृपया एक मिनट में फिर कोशिश कीजिए।
most-heading = और alerts नहीं
kept-not-heading = यह रखा नहीं जा सकता
wrong-heading = यहाँ कुछ गड़बड़ है
wrong-line = Operator को वजह log में मिलेगी।
foreign-heading = यह form किसी और site से आया
foreign-line = पेज यहाँ खोलिए और एक बार फिर भेजिए।
large-heading = यह बहुत ज़्यादा है
large-line = यहाँ ज़्यादा से ज़्यादा { $kilobytes } kilobytes लिए जाते हैं।
slow-heading = इसमें बहुत देर लगी
slow-line = कृपया form एक बार फिर भेजिए।
nowhere-heading = यहाँ कुछ नहीं है
nowhere-line = शायद address ग़लत लिखा गया, या पेज अब नहीं रहा।
first-page = पहले पेज पर

## Mail के नीचे
letter-sent-by = भेजने वाला: { $service }
letter-contact = सवाल और शिकायतें:
letter-asked-for = यह mail हमारे पेज पर मँगाया गया था; यह किसी mailing list का नहीं है।

## पक्का करने वाला mail
letter-confirm-subject = { $service } के अपने job alerts पक्के कीजिए
letter-confirm-preheader = खुलने वाले पेज पर एक click, और आपके alerts शुरू।
letter-confirm-heading = कृपया अपना address पक्का कीजिए
letter-confirm-who =
    किसी ने, शायद आपने ही, { $service } से कहा कि इस address पर job alerts
    भेजे जाएँ। शुरू करने के लिए यह पेज खोलिए और बटन दबाइए:
letter-confirm-open = पक्का करने वाला पेज खोलिए
letter-confirm-until =
    Link { $hours } घंटे तक काम करता है। अगर यह आप नहीं थे, तो कुछ न कीजिए: बटन
    के बिना कभी कोई alert नहीं भेजा जाता, और address भुला दिया जाता है।

## नए link वाला mail
letter-link-subject = अपने job alerts manage करने का आपका link
letter-link-preheader = अपने alerts बदलिए, रोकिए या बंद कीजिए।
letter-link-heading = आपके alerts
letter-link-asked =
    आपने { $service } पर अपने alerts का नया link मँगाया। इस पेज पर आप उन्हें
    बदल, रोक या बंद कर सकते हैं, और जो हम रखते हैं उसे देख या मिटा सकते हैं:
letter-link-open = अपने alerts manage कीजिए
letter-link-until =
    Link { $days } दिन तक काम करता है। जिसके पास यह हो, वह आपके alerts बदल सकता
    है, इसलिए यह mail आगे न भेजिए। अगर आपने नहीं मँगाया, तो कुछ करने की ज़रूरत
    नहीं।

## सब बंद होने का mail
letter-goodbye-subject = आपके job alerts बंद हो गए हैं
letter-goodbye-preheader = जैसा हमारे पेज पर कहा गया। अब कोई mail नहीं आएगा।
letter-goodbye-ended =
    { $service } पर आपके सारे alerts बंद हो गए हैं, जैसा आपके किसी mail के link से
    कहा गया। जो रास्ते में था वह रद्द है, और आगे कोई mail नहीं आएगा।
letter-goodbye-foot = यह mail हमारे पेज पर कही गई बात की पुष्टि है; यह आख़िरी mail है।

## आपके alerts
manage-heading = आपके alerts
manage-for = { $address } के लिए।
manage-paused = आपके alerts रुके हैं, जब तक आप उन्हें फिर शुरू न करें।
manage-paused-until = आपके alerts { $day } तक रुके हैं।
manage-resume = अभी फिर शुरू कीजिए
manage-every-job = हर एक नौकरी।
manage-said = नौकरियों के बारे में आपने जो कहा ({ $count })
manage-take-back = वापस लीजिए
manage-take-back-of = वापस लीजिए: { $title }
manage-change = बदलिए
manage-feed = निजी feed के रूप में:
manage-feed-hint = जिसके पास यह address हो, वह इसे पढ़ सकता है, जब तक alert चालू है।
manage-webhook = मेरे program को भी भेजिए
manage-none = अब कोई alert नहीं है।
manage-new = नया बनाइए
manage-add = एक alert और जोड़िए
manage-pause-heading = रोकना
manage-until = किस दिन तक; खाली मतलब जब तक आप फिर शुरू न करें
manage-until-fault = “{ $text }” ऐसा दिन नहीं जिस पर रोक ख़त्म हो सके: एक साल के अंदर की तारीख़ लिखिए, जैसे 2027-01-31, या खाली छोड़ दीजिए
manage-pause = मेरे सारे alerts रोकिए
manage-language-heading = भाषा
manage-language = मेरे mail की भाषा
manage-language-keep = भाषा रख लीजिए
manage-leave-heading = बंद करना, साथ ले जाना, मिटाना
manage-leave = सारे alerts बंद कीजिए
manage-export = मेरे बारे में जो रखा है, सब download कीजिए
manage-erase = मेरे बारे में सब कुछ मिटाइए…
manage-no-button = कुछ नहीं बदला गया: कोई एक बटन दबाइए।
manage-ended-meanwhile = यह alert इस बीच बंद हो चुका है।
manage-left = आप सब बंद कर चुके हैं: पहले पेज पर फिर से sign up कीजिए।
done-changed = आपके बदलाव रख लिए गए।
done-added = नया alert चालू है।
done-paused = आपके alerts रुके हैं।
done-resumed = आपके alerts फिर चालू हैं।
done-unsaid = वापस ले लिया गया।
done-ended = Alert बंद हो गया।
done-left = आपके सारे alerts बंद हो गए।
done-spoken = अब से आपके mail इसी भाषा में आएँगे।
done-unhooked = यह alert अब किसी program को नहीं भेजा जाता।
done-hooked = रख लिया गया। काम करता है या नहीं, देखने के लिए एक test भेजिए।
done-tested = Test भेजा जा रहा है। नतीजा देखने के लिए कुछ सेकंड बाद यह पेज फिर खोलिए।
edit-change = यह alert बदलिए
edit-new = नया alert
edit-keep = बदलाव रख लीजिए
edit-add = यह alert जोड़िए
edit-preview = देखिए अभी कितनी मेल खाती हैं
edit-back = बिना बदले वापस
erase-title = सब कुछ मिटाइए
erase-heading = आपके बारे में सब कुछ मिटा दें?
erase-what = आपका address, आपके alerts, आपकी सहमति का record और आपके mails का record तुरंत मिटा दिए जाएँगे। इसे वापस नहीं लाया जा सकता।
erase-never = और इस address पर फिर कभी न लिखें
erase-never-hint = Address का एक न पढ़ा जा सकने वाला निशान रखा जाता है, ताकि कोई इसे sign up न करा सके।
erase-back = वापस
erased-heading = आपके बारे में सब कुछ मिटा दिया गया
erased-line = आपका address, आपके alerts और आपके mails का record मिटा दिए गए हैं। पुराने mails के links अब कहीं नहीं जाते।

## किसी नौकरी के बारे में राय
feedback-heading = इस नौकरी के बारे में आप क्या सोचते हैं?
feedback-lead = आपका जवाब “{ $alert }” के अगले mail से ही लागू होगा।
feedback-said = आपने कहा: { $words }।
feedback-because = { $opinion }, वजह: { $why }
feedback-undo = वापस लीजिए
feedback-more = ऐसी और
feedback-not = मेरे लिए नहीं
feedback-why = क्यों नहीं?
feedback-why-hint = जो नौकरियाँ इसमें ऐसी ही हों, वे भी नहीं आएँगी।
feedback-why-this = बस यही नहीं
feedback-why-role = काम
feedback-why-level = Level
feedback-why-pay = वेतन
feedback-why-pay-hint = जो नौकरियाँ इससे ज़्यादा नहीं देतीं, वे नहीं आएँगी
feedback-why-place = जगह
feedback-why-skill = कोई skill
feedback-skill = कौन सी skill?
feedback-never = यह कंपनी कभी नहीं
feedback-hint = जब तक आप बटन न दबाएँ, कुछ नहीं रखा जाता। आपने जो कहा, वह सब आपके alerts के पेज पर दिखता है।
feedback-no-button = कुछ नहीं रखा गया: कोई एक बटन दबाइए।
feedback-which-skill = बताइए कि कौन सी skill।
opinion-more = ऐसी और
opinion-not_for_me = मेरे लिए नहीं
opinion-never_company = यह कंपनी कभी नहीं
objection-role = काम
objection-level = level
objection-pay = वेतन
objection-place = जगह
objection-skill = कोई skill

## खुली नौकरियाँ
jobs-open =
    { $count ->
        [one] अभी <strong>{ $count }{ $plus }</strong> नौकरी खुली है।
       *[other] अभी <strong>{ $count }{ $plus }</strong> नौकरियाँ खुली हैं।
    }
jobs-fit =
    { $count ->
        [one] <strong>{ $count }</strong> नौकरी मेल खाती है।
       *[other] <strong>{ $count }</strong> नौकरियाँ मेल खाती हैं।
    }
jobs-fit-newest =
    { $count ->
        [one] सबसे नई { $all } में से <strong>{ $count }</strong> नौकरी मेल खाती है।
       *[other] सबसे नई { $all } में से <strong>{ $count }</strong> नौकरियाँ मेल खाती हैं।
    }
jobs-all = सब दिखाइए
jobs-alert = इन्हें alerts में पाइए
jobs-filter = Filter
jobs-show = जो मेल खाए, दिखाइए
jobs-nothing = अभी कुछ मेल नहीं खाता। कम इच्छाएँ रखें तो ज़्यादा आएँगी।
jobs-older = पुरानी नौकरियाँ
jobs-see = खुली नौकरियाँ देखिए
jobs-pay-heading = वे कितना देती हैं
jobs-pay-hint = वेतन बताने वाली सारी खुली नौकरियों में से, सालाना, देश के हिसाब से; पाँच से कम वाली पंक्तियाँ छोड़ दी गई हैं।
jobs-pay-label = काम और level के हिसाब से वेतन
jobs-pay-middle = बीच का आधा हिस्सा
jobs-pay-jobs = नौकरियाँ
jobs-pay-more = देश के हिसाब से, chart में
digest-heading = इस mail की सारी नौकरियाँ
digest-total =
    { $count ->
        [one] भेजते समय { $count } नौकरी मेल खाती थी।
       *[other] भेजते समय { $count } नौकरियाँ मेल खाती थीं।
    }
digest-shown = Mail में
digest-folded = Mail छोटा रखने के लिए छोड़ी गईं
digest-gone-heading = यह list अब नहीं है
digest-gone = पुराने mail की list हमेशा नहीं रखी जाती।

## नौकरियाँ कितना देती हैं
pay-page-heading = खुली नौकरियाँ कितना देती हैं
pay-page-lead = { $open } खुली नौकरियों में से { $stating } अपना वेतन बताती हैं ({ $share } %)।
pay-page-hint = सालाना, जैसा बताया गया, हर currency अलग; घंटे, दिन या महीने का वेतन पूरे साल के full-time काम के हिसाब से जोड़ा गया है, और range का बीच लिया गया है। पाँच से कम नौकरियों वाली पंक्तियाँ छोड़ दी गई हैं।
pay-page-box = Box में बीच की आधी नौकरियाँ हैं, उसकी रेखा median है, और पतली रेखा में दस में से बीच की आठ हैं।
pay-page-says = { $role }, { $level }: median { $median }, बीच का आधा हिस्सा { $half }
pay-page-table = वेतन, table में: { $title }
pay-page-no-country = देश नहीं बताया
pay-page-role-level = काम और level
pay-page-lower = निचला quartile
pay-page-median = Median
pay-page-upper = ऊपरी quartile
pay-page-state-it = बताती हैं
pay-page-of = { $all } में से { $count } ({ $share } %)
pay-page-too-few = इतनी कम खुली नौकरियाँ वेतन बताती हैं कि और कुछ नहीं कहा जा सकता।
level-all = सारे levels
level-not-stated = level नहीं बताया

## एक नौकरी और उसके तथ्य
job-closed-on = यह नौकरी { $day } को बंद हो गई।
job-apply = { $host } पर apply कीजिए
job-understood = हमने क्या समझा
job-concluded = (अनुमान)
job-posting = पूरी posting
job-first-seen = यहाँ पहली बार { $day } को दिखी।
job-first-seen-from = यहाँ पहली बार { $day } को दिखी, { $credit } से।
job-gone-heading = यह नौकरी यहाँ नहीं है
job-gone = शायद इसे बहुत पहले हटा दिया गया।
fact-role = काम
fact-level = Level
fact-experience = अनुभव
fact-years = { $years } साल या ज़्यादा
fact-pay = वेतन
fact-a-year = साल भर में
fact-reckoned = { $pay }, { $with } के हिसाब से
reckoned-year = एक साल
reckoned-month = 12 महीनों
reckoned-week = 52 हफ़्तों
reckoned-day = 260 दिनों
reckoned-hour = 2,080 घंटों
fact-extras = ऊपर से
fact-place = जगह
fact-mode = काम का तरीक़ा
fact-remote-from = Remote यहाँ से
fact-skills = Skills
fact-nice = हों तो अच्छा
fact-contract = Contract
fact-education = पढ़ाई
fact-visa = Visa
fact-visa-yes = sponsor करते हैं
fact-visa-no = sponsor नहीं करते
fact-moving = जगह बदलना
fact-moving-yes = मदद मिलती है
fact-moving-no = मदद नहीं मिलती
fact-perks = सुविधाएँ
fact-company = कंपनी
fact-posted-by = किसने डाली
extra-equity = equity
extra-bonus = bonus
extra-commission = commission
extra-overtime = overtime का पैसा
extra-allowance = allowance
extra-superannuation = superannuation
perk-paid_leave = paid leave
perk-health_insurance = health insurance
perk-flexible_hours = अपने हिसाब से समय
perk-four_day_week = हफ़्ते में चार दिन काम
perk-learning_budget = सीखने के लिए budget
perk-parental_leave = parental leave
perk-relocation = जगह बदलने में मदद
perk-stock_options = stock या options
perk-retirement_plan = pension या retirement plan
perk-home_office_budget = home office budget
perk-wellness = wellness
perk-commuting = आने-जाने में मदद
company-startup = start-up
company-scaleup = scale-up
company-enterprise = बड़ी कंपनी
company-public_sector = सरकारी क्षेत्र
by-employer = कंपनी ने ख़ुद
by-agency = recruiter या agency ने

## आख़िरी mail का अंत
letter-goodbye-not-you =
    यह आप नहीं थे? शायद जिसे कोई mail आगे भेजा गया, उसने बटन दबा दिया।
letter-goodbye-new = नया alert बना
letter-goodbye-welcome = आप जब चाहें { $link } सकते हैं।
letter-goodbye-welcome-text = आप जब चाहें नया alert बना सकते हैं:
letter-goodbye-see = हम आपका जो रखते हैं, उसे देखिए या मिटाइए
letter-goodbye-days = यह link { $days } दिन तक काम करता है।
letter-goodbye-days-text = link { $days } दिन तक काम करता है:

## Alert के mails के नीचे
letter-because = यह mail आपको इसलिए मिला क्योंकि आपने “{ $name }” subscribe किया, { $cadence }।
letter-because-text = यह mail आपको इसलिए मिला क्योंकि आपने “{ $name }” subscribe किया, { $cadence }।
letter-agreed = आपने { $day } को इसकी सहमति दी।
letter-manage = अपने alerts बदलिए या रोकिए
letter-unsubscribe = यह alert unsubscribe कीजिए

## Mail में नौकरियाँ
letter-name = आपका job alert
letter-untitled = बिना नाम की नौकरी
letter-a-job = बिना नाम की एक नौकरी
letter-unnamed = कंपनी का नाम नहीं
letter-places = { $places } और { $count } और जगहें
letter-remote = Remote
letter-remote-in = Remote: { $countries }
letter-remote-in-more = Remote: { $countries } और { $count } और
letter-pay = वेतन: { $pay }
letter-pay-not-stated = वेतन नहीं बताया
letter-not-stated = नहीं बताया
letter-why = यह आपको क्यों दिख रही है: { $reasons }
letter-reason = { $wish }: { $found }
letter-reason-unknown = { $wish }: नहीं बताया
letter-reason-remote = remote, कोई देश नहीं बताया
letter-reason-remote-open = remote, { $countries } के लिए खुली
letter-reason-none = इनमें से कुछ नहीं
letter-source = { $age }, { $source } से
letter-apply = Apply कीजिए: { $url }
letter-apply-at = { $host } पर apply कीजिए
letter-see = नौकरी देखिए
letter-feedback = ऐसी और, या मेरे लिए नहीं
letter-more =
    { $count ->
        [one] + { $count } और जो मेल खाती है
       *[other] + { $count } और जो मेल खाती हैं
    }
letter-elsewhere = और { $count } दूसरी जगहों पर
letter-headline-more = + { $count } और
letter-since = आपकी पसंद की नौकरियों का क्या हुआ
letter-since-more = और आपकी पसंद की { $count } और
letter-changed = { $part }: { $after }, पहले { $before }
letter-new =
    { $count ->
        [one] { $count } नई नौकरी मेल खाती है
       *[other] { $count } नई नौकरियाँ मेल खाती हैं
    }
letter-closed =
    { $count ->
        [one] { $count } और यह mail भेजने से पहले बंद हो गई।
       *[other] { $count } और यह mail भेजने से पहले बंद हो गईं।
    }
letter-none-open = { $name }: अब कोई नौकरी खुली नहीं है
letter-welcome-thanks = अपने job alerts subscribe करने के लिए धन्यवाद। वे ऐसे आएँगे: { $cadence }।
letter-welcome-fit =
    { $count ->
        [one] { $count } खुली नौकरी अभी ही मेल खाती है;
       *[other] { $count } खुली नौकरियाँ अभी ही मेल खाती हैं;
    }
letter-welcome-one = वह नीचे है।
letter-welcome-best = उनमें से सबसे अच्छी नीचे हैं।
letter-welcome-nothing = अभी खुली कोई नौकरी मेल नहीं खाती। जब खाएगी, हम आपको बताएँगे।
letter-welcome-subject =
    { $count ->
        [one] स्वागत है: { $count } खुली नौकरी आपके alert से मेल खाती है
       *[other] स्वागत है: { $count } खुली नौकरियाँ आपके alert से मेल खाती हैं
    }
letter-welcome-subject-none = स्वागत है: आपका job alert चालू है
age-now = अभी-अभी
age-minutes = { $count } मिनट पहले
age-hours = { $count } घंटे पहले
age-day = 1 दिन पहले
age-days = { $count } दिन पहले
age-weeks = { $count } हफ़्ते पहले
age-months = { $count } महीने पहले
criterion-role = काम
criterion-skills = skills
criterion-seniority = level
criterion-experience = अनुभव
criterion-salary = वेतन
criterion-place = जगह
criterion-work_mode = काम का तरीक़ा
criterion-employment_type = contract
criterion-education = पढ़ाई
criterion-company = कंपनी
criterion-keywords = शब्द
event-changed = बदली
event-closed = बंद हुई
event-relisted = फिर खुली
part-title = नाम
part-place = जगह
part-pay = वेतन
part-text = विवरण

## क्या alerts अब भी चाहिए
letter-renew-subject = क्या आपको अपने job alerts अब भी चाहिए?
letter-renew-preheader = एक बार दबाने से वे जारी रहेंगे। नहीं तो { $day } को अपने आप बंद हो जाएँगे।
letter-renew-silent =
    { $since } से हमें आपकी कोई ख़बर नहीं मिली। { $days } दिन तक कोई ख़बर न मिले तो
    alerts बंद हो जाते हैं, ताकि किसी को भूले हुए mails न आएँ: आपके { $day } को
    बंद हो जाएँगे, अगर आप न कहें कि वे आपको चाहिए।
letter-renew-open = जारी रखने के लिए यह पेज खोलिए और बटन दबाइए:
letter-renew-keep = मेरे alerts जारी रखिए
letter-renew-about = ये alerts:
letter-renew-more = और { $count } और
letter-renew-nothing = कुछ न करें तो वे बंद हो जाएँगे और आगे कोई mail नहीं आएगा। यह एक ही बार पूछा जाता है।
letter-renew-because = यह mail आपको इसलिए मिला क्योंकि आपने job alerts subscribe किए।
letter-renew-because-on = यह mail आपको इसलिए मिला क्योंकि आपने job alerts subscribe किए; आपने { $day } को सहमति दी।
letter-renew-end = सब अभी बंद कीजिए

## जिस alert से कुछ नहीं आया
letter-silence-subject = { $days } दिन से कुछ नया नहीं: { $name }
letter-silence-preheader = { $wish } वाली इच्छा के बिना { $count } मेल खातीं।
letter-silence-preheader-none = आपका alert चालू है। कोई एक इच्छा नौकरियों को नहीं रोकती।
letter-silence-days = { $days } दिन से कोई नई नौकरी इस alert से मेल नहीं खाई। यह चालू है और देखता रहेगा।
letter-silence-days-of =
    { $days } दिन में आई { $published } नौकरियों में से कोई इस alert से मेल नहीं खाई।
    यह चालू है और देखता रहेगा।
letter-silence-most = सबसे ज़्यादा किससे रुकती हैं
letter-silence-without =
    { $count ->
        [one] इस इच्छा के बिना { $count } नौकरी मेल खाती
       *[other] इस इच्छा के बिना { $count } नौकरियाँ मेल खातीं
    }
letter-silence-change = यह alert बदलिए
letter-silence-together =
    किसी एक इच्छा का दोष नहीं: कोई एक हटाने से भी कुछ नहीं आता। कई साथ में कम
    करने से आता।
letter-silence-nothing = आपकी इच्छाओं की बात नहीं: इस बीच यहाँ कुछ आया ही नहीं।
letter-silence-once = यह एक ही बार कहा जाता है। अगला mail तब आएगा जब कुछ मेल खाएगा।

## Webhook का पेज
webhook-heading = यह alert किसी program को भेजिए
webhook-what = Alert जो कुछ लाता है, वह JSON के रूप में इस address पर भेजा जाता है, Standard Webhooks के हिसाब से signed, जब भी mail जाता है। Mail पहले की तरह आते रहेंगे।
webhook-label = Address (https)
webhook-replace-label = दूसरा address (https)
webhook-keep = वहाँ भेजिए
webhook-replace = बदलिए, नए secret के साथ
webhook-secret = इस secret से आपका program जाँचता है कि call हमारी ओर से है। इसे अभी सँभाल लीजिए: यह दोबारा नहीं दिखेगा।
webhook-address = Address
webhook-standing = हाल
webhook-fault = पिछली गड़बड़ी
webhook-worked = आख़िरी बार पहुँचा
webhook-new = चालू है। अभी कुछ नहीं भेजा गया।
webhook-well = काम कर रहा है।
webhook-failing = { $at } से नहीं पहुँच रहा; बढ़ते अंतर से फिर कोशिश होती रहेगी।
webhook-off = { $at } को बंद हुआ। Test भेजने से फिर चालू होगा।
webhook-test = Test भेजिए
webhook-drop = हटाइए
webhook-fault-https = एक address लिखिए जो https से शुरू हो, बिना user name और password के, जैसे https://example.org/jobs
webhook-fault-public = ऐसे host का नाम लिखिए जहाँ हर जगह से पहुँचा जा सके, जैसे example.org
webhook-fault-off = यहाँ से अभी program को कुछ नहीं भेजा जाता: operator ने इसे बंद रखा है।
call-refused = वहाँ से जवाब में error आता है
call-gone = वहाँ से जवाब आता है कि वह हमेशा के लिए हट गया है
call-slow = वहाँ से जवाब बहुत देर से आता है
call-unreachable = वहाँ तक पहुँचा नहीं जा रहा
call-forbidden = यह address ऐसी जगह जाता है जहाँ कुछ भेजना मना है

## बंद हुए webhook का mail
letter-webhook-subject = Program को भेजना बंद हुआ: { $name }
letter-webhook-gone = यह alert { $host } को भी भेजा जाता था; वहाँ से अब जवाब आता है कि वह हमेशा के लिए हट गया है। वहाँ अब कुछ नहीं भेजा जाएगा।
letter-webhook-failed =
    यह alert { $host } को भी भेजा जाता था, पर { $day } से वहाँ कुछ नहीं पहुँचा: { $fault }।
    वहाँ अब कुछ नहीं भेजा जाएगा, और जो रुका था वह छोड़ दिया गया।
letter-webhook-mails = आपके mail पहले की तरह आते रहेंगे, alert जो कुछ लाए उस सब के साथ।
letter-webhook-look = देखिए, या फिर चालू कीजिए
