# Deutsch. Anrede: Sie. Was hier fehlt, erscheint auf Englisch.

## Auf jeder Seite
base-skip = Zum Inhalt
base-pages = Seiten
base-open-jobs = Offene Stellen
base-my-alerts = Meine Job-Alerts
base-language = Sprache
base-foot = Kein Tracking, keine Dritten, kein JavaScript nötig. In jedem Brief steht ein Link zum Abbestellen.

## Die erste Seite
home-title = Job-Alerts für Backend-Entwicklung
home-heading = Job-Alerts, die passen, und sonst nichts
home-lead = Für Backend-Entwickler, Datenbankadministratoren und Solutions Architects, w/m/d. Sagen Sie einmal, was Sie suchen; Briefe kommen, wenn Stellen passen, jeder mit der Begründung.
home-wishes = Ihre Wünsche
home-agree = Mit dem Druck auf den Knopf sage ich: „{ $words }“
home-send = Diese Alerts an mich senden
agreed-words = Senden Sie Job-Alerts, die zu diesen Wünschen passen, an meine Mailadresse. Meine Adresse und meine Wünsche werden nur dafür gespeichert, bis ich abbestelle; in jedem Brief steht ein Link dafür.
confirmed-words = Ja, das ist meine Adresse, und ich möchte diese Job-Alerts.

## Das Formular
form-preview = Zeigen, was jetzt passt
form-more = Weitere Wünsche: Vertrag, Ausbildung, Firmen, Wörter
form-letters = Ihre Briefe
form-email = Ihre Mailadresse
form-trap = Lassen Sie dieses Feld leer
form-once-more = Bitte drücken Sie den Knopf noch einmal. Die Seite war lange offen, oder das Formular kam schneller, als ein Mensch es ausfüllen kann.
form-trouble =
    { $count ->
        [one] Bitte sehen Sie eine Angabe noch einmal an; was Sie eingegeben haben, steht unten.
       *[other] Bitte sehen Sie { $count } Angaben noch einmal an; was Sie eingegeben haben, steht unten.
    }
form-none-all = Nichts angekreuzt heißt: alle.
form-none-any = Nichts angekreuzt heißt: egal.
form-one-a-line = Eine pro Zeile.
form-one-a-line-all = Eine pro Zeile. Leer heißt: alle.
form-roles = Welche Arbeit?
form-skills-any = Kenntnisse, eine davon
form-skills-any-hint = Durch Kommas getrennt. Eine davon genügt.
form-level = Welche Stufe?
form-places = Wo?
form-places-hint = Städte und Länder; +50 km nimmt das Umland dazu. Leer heißt: überall.
form-home = Sie arbeiten von
form-home-hint = Für Remote-Stellen, die nur einigen Ländern offenstehen. Wird aus „Wo?“ übernommen, wenn das in einem Land liegt.
form-modes = Remote oder vor Ort?
form-pay = Mindestgehalt
form-pay-hint = So, wie Sie es sagen würden; im Jahr, wenn Sie nichts anderes schreiben.
form-years = Ihre Berufserfahrung in Jahren
form-years-hint = Stellen, die mehr verlangen, bleiben weg.
form-skills-all = Kenntnisse, alle davon
form-skills-all-hint = Stellen, denen eine fehlt, bleiben weg.
form-skills-none = Kenntnisse, keine davon
form-skills-none-hint = Stellen, die eine nennen, bleiben weg.
form-words = Wörter im Text
form-words-hint = Zwei Wörter heißen: beide; OR, NOT oder -wort, { $phrase }, ( ) und title: company: skill: vor einem Wort.
form-contract = Welcher Vertrag?
form-education = Welcher Ausbildungsweg?
form-education-hint = Kreuzen Sie den Abschluss nicht an, dann bleiben Stellen weg, die darauf bestehen. Nichts angekreuzt heißt: alle.
form-never = Diese Firmen nie
form-only = Nur diese Firmen
form-said = Stellen weglassen, die nichts sagen über …
form-said-hint = Viele gute Stellen schweigen über etwas; sie kommen mit, wenn Sie hier nichts ankreuzen.
form-frequency = Wie oft?
form-days = An diesen Tagen
form-days-hint = Für tägliche und wöchentliche Briefe.
form-at = Um
form-at-hint = Nach Ihrer Uhr.
form-zone = Ihre Zeitzone
form-zone-hint = Wählen Sie eine, oder geben Sie einen Namen der IANA-Liste ein.
form-schedule = Zeitplan
form-schedule-hint = Nur für „Nach Zeitplan“: Minute Stunde Tag Monat Wochentag.
form-name = Name des Alerts
form-name-hint = Er steht im Betreff jedes Briefs.

box-backend_engineer = Backend-Entwicklung
box-backend_engineer-hint = baut Dienste, APIs und Datenzugriff
box-database_administrator = Datenbankadministration
box-database_administrator-hint = betreibt, optimiert, entwirft oder entwickelt Datenbanken
box-solutions_architect = Solutions Architect
box-solutions_architect-hint = entscheidet, wie Systeme gebaut werden
box-other = Jede andere Arbeit
box-instant = Sofort
box-instant-hint = ein Brief, sobald eine Stelle erscheint
box-daily = Täglich
box-daily-hint = an den angekreuzten Tagen, sonst jeden Tag
box-weekly = Wöchentlich
box-weekly-hint = an dem einen angekreuzten Tag, sonst am Montag
box-cron = Nach Zeitplan
box-cron-hint = fünf cron-Felder
box-said-pay = Gehalt
box-said-seniority = Stufe
box-said-places = Ort
box-said-work_modes = Arbeitsweise
box-said-employment_types = Vertrag
box-said-companies = Firma
box-said-roles = Arbeit
box-said-education = Ausbildung

## Was jetzt passt
fits-label = Was jetzt passt
fits-not-counted = Noch nicht gezählt:
fits-open =
    { $count ->
        [one] <strong>{ $count }{ $plus }</strong> Stelle ist gerade offen.
       *[other] <strong>{ $count }{ $plus }</strong> Stellen sind gerade offen.
    }
fits-look = Ansehen
fits-no-wish = Noch ist nichts gewünscht: Sagen Sie unten, was Sie suchen, und nur das kommt.
fits-fit =
    { $count ->
        [one] <strong>{ $count }</strong> von { $all } offenen Stellen passt jetzt zu Ihren Wünschen.
       *[other] <strong>{ $count }</strong> von { $all } offenen Stellen passen jetzt zu Ihren Wünschen.
    }
fits-fit-newest =
    { $count ->
        [one] <strong>{ $count }</strong> von den neuesten { $all } offenen Stellen passt jetzt zu Ihren Wünschen.
       *[other] <strong>{ $count }</strong> von den neuesten { $all } offenen Stellen passen jetzt zu Ihren Wünschen.
    }
fits-week-none = In den letzten { $days } Tagen erschien keine.
fits-week-few = Nach den letzten { $days } Tagen: weniger als eine pro Woche.
fits-week-one = Nach den letzten { $days } Tagen: etwa eine pro Woche.
fits-week = Nach den letzten { $days } Tagen: etwa { $count } pro Woche.
fits-broad = <strong>Das ist mehr, als irgendjemand liest.</strong> Grenzen Sie es ein nach: { $wishes }.
fits-without =
    { $count ->
        [one] Ohne „{ $wish }“ würde { $count } passen.
       *[other] Ohne „{ $wish }“ würden { $count } passen.
    }
fits-nothing = Noch nichts: Sie erfahren von der ersten. Weniger Wünsche bringen mehr.
fits-homeless = Remote-Stellen, die nur einigen Ländern offenstehen, werden erst gefunden, wenn „Sie arbeiten von“ ausgefüllt ist.
fits-skill-near = „{ $skill }“ ist hier keine bekannte Kenntnis: Meinten Sie „{ $near }“?
fits-skill-unknown = „{ $skill }“ ist hier keine bekannte Kenntnis; „Wörter im Text“ sucht nach jedem Wort.

wish-skills = Kenntnisse
wish-level = Stufe
wish-place = Ort
wish-pay = Mindestgehalt
wish-mode = remote oder vor Ort
wish-years = Berufserfahrung
wish-words = Wörter im Text
wish-role = Arbeit
wish-contract = Vertrag
wish-education = Ausbildung
wish-companies = Firmen

## Was im Formular nicht verstanden wird
fault-other = Das wird nicht verstanden. ({ $says })
fault-email = Das ist keine Mailadresse, die hier Briefe bekommen kann. Bitte prüfen Sie sie, zum Beispiel name@example.org. ({ $says })
fault-pay = Diese Angabe wird nicht verstanden. Schreiben Sie zum Beispiel 90k EUR, 12 LPA oder 50 USD/hour. ({ $says })
fault-places = Dieser Ort wird nicht verstanden. Schreiben Sie zum Beispiel München +50 km; Deutschland, und was hier unbekannt ist, auf Englisch. ({ $says })
fault-home_country = Dieses Land ist so nicht bekannt. Versuchen Sie es auf Englisch oder mit zwei Buchstaben, zum Beispiel Deutschland oder DE. ({ $says })
fault-experience_years = Geben Sie eine Zahl von 0 bis 80 an, zum Beispiel 4 oder 2.5. ({ $says })
fault-keywords = Diese Suche wird nicht verstanden. ({ $says })
fault-skills = Diese Kenntnis wird nicht verstanden. ({ $says })
fault-time_zone = Diese Zeitzone ist nicht bekannt. Schreiben Sie zum Beispiel Europe/Berlin. ({ $says })
fault-at = Das ist keine Uhrzeit. Schreiben Sie zum Beispiel 08:00. ({ $says })
fault-cron = Dieser Zeitplan wird nicht verstanden. Schreiben Sie fünf Felder, zum Beispiel 0 9 * * 1-5. ({ $says })
fault-days = Für einen wöchentlichen Brief kreuzen Sie einen Tag an, oder wählen Sie den täglichen. ({ $says })
fault-name = Der Name ist zu lang. ({ $says })

## Wünsche, erzählt
told-role = Arbeit
told-skills = Kenntnisse
told-level = Stufe
told-experience = Erfahrung
told-pay = Gehalt
told-place = Ort
told-mode = Arbeitsweise
told-home = Arbeitet von
told-contract = Vertrag
told-education = Ausbildung
told-only-at = Nur bei
told-never-at = Nie bei
told-words = Wörter
told-years = { $years } Jahre
told-least = mindestens { $pay }
told-least-stated = mindestens { $pay }, und nur, wo das Gehalt genannt ist
told-only-where-said = nur, wo es genannt ist
told-one-of = eine von { $skills }
told-all-of = alle von { $skills }
told-not = ohne { $skills }

## Wann Briefe kommen
cadence-instant = sobald eine Stelle erscheint
cadence-daily = täglich um { $at } Uhr ({ $zone })
cadence-days = { $days } um { $at } Uhr ({ $zone })
cadence-weekly = jede Woche { $day } um { $at } Uhr ({ $zone })
cadence-schedule = nach dem Zeitplan { $schedule } ({ $zone })
day-mon = Mo
day-tue = Di
day-wed = Mi
day-thu = Do
day-fri = Fr
day-sat = Sa
day-sun = So

## Wörter für Fakten
role-backend_engineer = Backend-Entwicklung
role-database_administrator = Datenbankadministration
role-solutions_architect = Solutions Architect
role-other = andere Arbeit
level-intern = Praktikum
level-entry = Einstieg
level-mid = mit Erfahrung
level-senior = Senior
level-lead_or_manager = Leitung
mode-remote = remote
mode-hybrid = hybrid
mode-onsite = vor Ort
contract-full_time = Vollzeit
contract-part_time = Teilzeit
contract-contract = freie Mitarbeit
contract-temporary = befristet
contract-internship = Praktikum
contract-apprenticeship = Ausbildung im Betrieb
education-degree_required = Abschluss verlangt
education-degree_preferred = Abschluss oder Vergleichbares
education-bootcamp_ok = Bootcamp oder Selbststudium willkommen
education-apprenticeship = Ausbildung im Betrieb
education-none_stated = nichts zur Ausbildung gesagt

## Gehalt und Datum
pay-from = ab { $pay }
pay-up-to = bis { $pay }
pay-year = { $pay } im Jahr
pay-month = { $pay } im Monat
pay-week = { $pay } in der Woche
pay-day = { $pay } am Tag
pay-hour = { $pay } in der Stunde
pay-lakh = Lakh
pay-crore = Crore
date-short = { $day }. { $month } { $year }
date-long = { $day }. { $month } { $year }
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
month-short-1 = Jan.
month-short-2 = Feb.
month-short-3 = März
month-short-4 = Apr.
month-short-5 = Mai
month-short-6 = Juni
month-short-7 = Juli
month-short-8 = Aug.
month-short-9 = Sep.
month-short-10 = Okt.
month-short-11 = Nov.
month-short-12 = Dez.

## Eine Stelle
card-closed = vergeben

## Antworten auf das Formular
mailbox-heading = Sehen Sie in Ihr Postfach
mailbox-letter = Wenn diese Adresse Alerts bekommen kann, ist ein Brief mit einem Knopf unterwegs. Drücken Sie den Knopf, und Ihre Alerts beginnen.
mailbox-button = Der Knopf gilt { $hours } Stunden. Ohne ihn wird nie etwas gesendet. Nichts da? Sehen Sie in den Spam-Ordner; an eine Adresse geht ein solcher Brief am Tag.
mailbox-meanwhile = Inzwischen offene Stellen ansehen
mailbox-link = Wenn diese Adresse hier Alerts hat, ist ein Brief mit einem neuen Link unterwegs.
mailbox-link-days = Der Link gilt { $days } Tage.
many-heading = Zu viele auf einmal
many-line = In der letzten Stunde kamen viele Formulare. Bitte kommen Sie später wieder.

## Bestätigen
confirm-title = Alert bestätigen
confirm-heading = Ein Druck, und es beginnt
confirm-alert = Der Alert <strong>{ $name }</strong> für <strong>{ $address }</strong>, { $cadence }.
confirm-hint = Das waren nicht Sie? Schließen Sie diese Seite: Ohne den Knopf wird nichts gesendet, und die Adresse wird in wenigen Tagen gelöscht.
confirmed-title = Danke
confirmed-heading = Danke, dass Sie Ihre persönlichen Job-Alerts abonniert haben.
confirmed-alert = Der Alert <strong>{ $name }</strong> läuft, { $cadence }. Ein erster Brief mit dem Besten, was jetzt offen ist, ist unterwegs.
confirmed-manage = Meine Alerts ansehen oder ändern

## Ein verlorener Link
link-title = Meine Job-Alerts
link-heading = Ihre Alerts ansehen und ändern
link-lead = Es gibt kein Passwort. Geben Sie Ihre Adresse ein, und ein Brief bringt Ihnen einen privaten Link.
link-send = Link an mich senden

## Alerts beenden
leave-title-all = Alle meine Alerts beenden
leave-title-one = Diesen Alert beenden
leave-heading-all = Alle Ihre Alerts beenden?
leave-heading-one = Diesen Alert beenden?
leave-alert = Der Alert <strong>{ $name }</strong>, { $cadence }.
leave-alert-more = Der Alert <strong>{ $name }</strong>, { $cadence }, und { $others } weitere.
leave-one = Diesen Alert beenden
leave-all = Alle meine Alerts beenden ({ $count })
leave-hint = Bevor Sie drücken, geschieht nichts. Möchten Sie ihn lieber ändern oder pausieren?
leave-link = Link zum Verwalten anfordern
left-heading = Dieser Alert ist beendet
left-cancelled = Von ihm kommen keine Briefe mehr, und die noch wartenden sind gestrichen.
left-welcome = Sie sind jederzeit wieder willkommen.
left-new = Neuen Alert anlegen

## Alerts behalten
renew-title = Alerts behalten
renew-heading = Möchten Sie Ihre Alerts weiterhin?
renew-one = Es geht um
renew-many = Es geht um
renew-keep = Meine Alerts behalten
renew-hint = Bevor Sie drücken, geschieht nichts. Ohne den Knopf enden sie von selbst, und es kommt keine Mail mehr.
renewed-heading = Ihre Alerts bleiben
renewed-line = Sie laufen weiter wie bisher. Aus jedem Brief können Sie sie ändern, pausieren oder beenden.
expired-heading = Diese Alerts sind beendet
expired-line = Die Zeit, sie zu behalten, ist vorbei, oder sie wurden von Hand beendet.

## Was nicht geht
unknown-heading = Dieser Link führt nirgendwohin
unknown-lost = Dieser Link ist keiner von uns, oder ein Teil davon ging unterwegs verloren.
unknown-again = Öffnen Sie ihn noch einmal aus dem Brief, oder fordern Sie einen neuen an.
ended-heading = Dieser Link ist abgelaufen
ended-why = Links zu Ihren Alerts enden nach einigen Tagen, und eine Bestätigung gilt einmal; das schützt Ihre Adresse.
ended-well = Wenn Sie schon bestätigt haben, ist alles gut: Ihre Alerts laufen.
link-new = Neuen Link an mich senden
busy-heading = Gerade nicht
busy-line = Nichts wurde geändert. Bitte versuchen Sie es in einer Minute noch einmal.
most-heading = Keine weiteren Alerts
kept-not-heading = Das kann nicht gespeichert werden
wrong-heading = Hier stimmt etwas nicht
wrong-line = Der Betreiber findet den Grund im Protokoll.
foreign-heading = Dieses Formular kam von einer anderen Website
foreign-line = Öffnen Sie die Seite hier und senden Sie es noch einmal.
large-heading = Das ist zu viel
large-line = Hier werden höchstens { $kilobytes } Kilobyte angenommen.
slow-heading = Das dauerte zu lange
slow-line = Bitte senden Sie das Formular noch einmal.
nowhere-heading = Hier ist nichts
nowhere-line = Vielleicht ist die Adresse vertippt, oder die Seite gibt es nicht mehr.
first-page = Zur ersten Seite

## Briefe: der Fuß
letter-sent-by = Gesendet von { $service }
letter-contact = Fragen und Beschwerden:
letter-asked-for = Diese Mail wurde auf unserer Seite angefordert; sie gehört zu keinem Verteiler.

## Der Brief, der um die Bestätigung bittet
letter-confirm-subject = Bestätigen Sie Ihre Job-Alerts von { $service }
letter-confirm-preheader = Ein Klick auf der Seite, die sich öffnet, und Ihre Alerts beginnen.
letter-confirm-heading = Bitte bestätigen Sie Ihre Adresse
letter-confirm-who =
    Jemand, wahrscheinlich Sie, hat { $service } gebeten, Job-Alerts an diese
    Adresse zu senden. Öffnen Sie diese Seite und drücken Sie den Knopf:
letter-confirm-open = Seite zum Bestätigen öffnen
letter-confirm-until =
    Der Link gilt { $hours } Stunden. Waren Sie es nicht, tun Sie nichts: Ohne den
    Knopf wird nie ein Alert gesendet, und die Adresse wird vergessen.

## Der Brief mit einem neuen Link
letter-link-subject = Ihr Link zum Verwalten Ihrer Job-Alerts
letter-link-preheader = Ändern, pausieren oder beenden Sie Ihre Alerts.
letter-link-heading = Ihre Alerts
letter-link-asked =
    Sie haben bei { $service } einen neuen Link zu Ihren Alerts angefordert. Auf
    dieser Seite können Sie sie ändern, pausieren oder beenden und sehen oder
    löschen, was wir speichern:
letter-link-open = Alerts verwalten
letter-link-until =
    Der Link gilt { $days } Tage. Wer ihn hat, kann Ihre Alerts ändern; geben Sie
    diese Mail also nicht weiter. Haben Sie sie nicht angefordert, brauchen Sie
    nichts zu tun.

## Der Brief, der sagt, dass alles beendet ist
letter-goodbye-subject = Ihre Job-Alerts sind beendet
letter-goodbye-preheader = Wie auf unserer Seite gewünscht. Es kommt keine Mail mehr.
letter-goodbye-ended =
    Alle Ihre Alerts bei { $service } sind beendet, wie mit einem Link aus einem
    Ihrer Briefe gewünscht. Was unterwegs war, ist gestrichen, und es kommt
    keine Mail mehr.
letter-goodbye-foot = Diese Mail bestätigt, was auf unserer Seite gewünscht wurde; sie ist die letzte.

## Ihre Alerts
manage-heading = Ihre Alerts
manage-for = Für { $address }.
manage-paused = Ihre Alerts pausieren, bis Sie sie fortsetzen.
manage-paused-until = Ihre Alerts pausieren bis zum { $day }.
manage-resume = Jetzt fortsetzen
manage-every-job = Jede Stelle, die es gibt.
manage-said = Was Sie über Stellen gesagt haben ({ $count })
manage-take-back = Zurücknehmen
manage-take-back-of = Zurücknehmen: { $title }
manage-change = Ändern
manage-feed = Als privater Feed:
manage-feed-hint = Wer die Adresse hat, kann ihn lesen, bis der Alert endet.
manage-webhook = An ein eigenes Programm senden
manage-none = Es gibt keinen Alert mehr.
manage-new = Einen neuen anlegen
manage-add = Alert hinzufügen
manage-pause-heading = Pause
manage-until = Bis zum; leer heißt: bis Sie fortsetzen
manage-until-fault = „{ $text }“ ist kein Tag, an dem eine Pause enden kann: Geben Sie ein Datum innerhalb eines Jahres an, zum Beispiel 2027-01-31, oder lassen Sie das Feld leer.
manage-pause = Alle meine Alerts pausieren
manage-language-heading = Sprache
manage-language = Sprache meiner Briefe
manage-language-keep = Sprache speichern
manage-leave-heading = Beenden, mitnehmen, löschen
manage-leave = Alle Alerts beenden
manage-export = Alles herunterladen, was über mich gespeichert ist
manage-erase = Alles über mich löschen …
manage-no-button = Nichts wurde geändert: Drücken Sie einen der Knöpfe.
manage-ended-meanwhile = Dieser Alert ist inzwischen beendet.
manage-left = Sie haben alles beendet: Melden Sie sich auf der ersten Seite neu an.
done-changed = Ihre Änderungen sind gespeichert.
done-added = Der neue Alert läuft.
done-paused = Ihre Alerts pausieren.
done-resumed = Ihre Alerts laufen wieder.
done-unsaid = Es ist zurückgenommen.
done-ended = Der Alert ist beendet.
done-left = Alle Ihre Alerts sind beendet.
done-spoken = Ihre Briefe kommen ab jetzt in dieser Sprache.
done-unhooked = Der Alert wird an kein Programm mehr gesendet.
done-hooked = Gespeichert. Senden Sie einen Test, um zu sehen, ob es geht.
done-tested = Ein Test ist unterwegs. Laden Sie diese Seite in ein paar Sekunden neu, um zu sehen, was daraus wurde.
edit-change = Diesen Alert ändern
edit-new = Ein neuer Alert
edit-keep = Änderungen speichern
edit-add = Diesen Alert hinzufügen
edit-preview = Zeigen, wie viele jetzt passen
edit-back = Zurück ohne Änderungen
erase-title = Alles löschen
erase-heading = Alles über Sie löschen?
erase-what = Ihre Adresse, Ihre Alerts, das Protokoll Ihrer Einwilligung und das Ihrer Briefe werden sofort gelöscht. Das lässt sich nicht rückgängig machen.
erase-never = Und nie wieder an diese Adresse schreiben
erase-never-hint = Ein unlesbares Kennzeichen der Adresse bleibt, damit niemand sie anmelden kann.
erase-back = Zurück
erased-heading = Alles über Sie ist gelöscht
erased-line = Ihre Adresse, Ihre Alerts und das Protokoll Ihrer Briefe sind gelöscht. Links in alten Briefen führen jetzt nirgendwohin.

## Was man von einer Stelle hält
feedback-heading = Was halten Sie von dieser Stelle?
feedback-lead = Ihre Antwort gilt für die Briefe von „{ $alert }“ ab dem nächsten.
feedback-said = Sie haben gesagt: { $words }.
feedback-because = { $opinion }, wegen: { $why }
feedback-undo = Zurücknehmen
feedback-more = Mehr davon
feedback-not = Nichts für mich
feedback-why = Warum nicht?
feedback-why-hint = Stellen, die darin gleichen, bleiben auch weg.
feedback-why-this = Nur diese nicht
feedback-why-role = Die Arbeit
feedback-why-level = Die Stufe
feedback-why-pay = Das Gehalt
feedback-why-pay-hint = Stellen, die nicht mehr zahlen, bleiben weg
feedback-why-place = Der Ort
feedback-why-skill = Eine Kenntnis
feedback-skill = Welche Kenntnis?
feedback-never = Nie diese Firma
feedback-hint = Bevor Sie einen Knopf drücken, wird nichts gespeichert. Alles, was Sie gesagt haben, steht auf der Seite Ihrer Alerts.
feedback-no-button = Nichts wurde gespeichert: Drücken Sie einen der Knöpfe.
feedback-which-skill = Sagen Sie, welche Kenntnis es ist.
opinion-more = mehr davon
opinion-not_for_me = nichts für mich
opinion-never_company = nie diese Firma
objection-role = die Arbeit
objection-level = die Stufe
objection-pay = das Gehalt
objection-place = der Ort
objection-skill = eine Kenntnis

## Offene Stellen
jobs-open =
    { $count ->
        [one] <strong>{ $count }{ $plus }</strong> offene Stelle.
       *[other] <strong>{ $count }{ $plus }</strong> offene Stellen.
    }
jobs-fit =
    { $count ->
        [one] <strong>{ $count }</strong> Stelle passt.
       *[other] <strong>{ $count }</strong> Stellen passen.
    }
jobs-fit-newest =
    { $count ->
        [one] <strong>{ $count }</strong> Stelle unter den neuesten { $all } passt.
       *[other] <strong>{ $count }</strong> Stellen unter den neuesten { $all } passen.
    }
jobs-all = Alle zeigen
jobs-alert = Als Alert bekommen
jobs-filter = Filter
jobs-show = Zeigen, was passt
jobs-nothing = Jetzt passt nichts. Weniger Wünsche bringen mehr.
jobs-older = Ältere Stellen
jobs-see = Offene Stellen ansehen
jobs-pay-heading = Was sie zahlen
jobs-pay-hint = Von allen offenen Stellen, die ihr Gehalt nennen, im Jahr, nach Land; Zeilen mit weniger als fünf fehlen.
jobs-pay-label = Gehalt nach Arbeit und Stufe
jobs-pay-middle = Mittlere Hälfte
jobs-pay-jobs = Stellen
jobs-pay-more = Nach Land, als Diagramm
digest-heading = Alle Stellen dieses Briefs
digest-total =
    { $count ->
        [one] { $count } Stelle passte, als er gesendet wurde.
       *[other] { $count } Stellen passten, als er gesendet wurde.
    }
digest-shown = Im Brief
digest-folded = Weggelassen, damit der Brief kurz bleibt
digest-gone-heading = Diese Liste ist abgelaufen
digest-gone = Die Liste eines alten Briefs bleibt nicht für immer.

## Was Stellen zahlen
pay-page-heading = Was offene Stellen zahlen
pay-page-lead = { $stating } von { $open } offenen Stellen nennen ihr Gehalt ({ $share } %).
pay-page-hint = Im Jahr, wie genannt, jede Währung für sich; Gehalt für eine Stunde, einen Tag oder einen Monat ist auf ein Jahr in Vollzeit gerechnet, von einer Spanne zählt die Mitte. Zeilen mit weniger als fünf Stellen fehlen.
pay-page-box = Im Kasten liegt die mittlere Hälfte der Stellen, sein Strich ist der Median; die dünne Linie fasst die mittleren acht von zehn.
pay-page-says = { $role }, { $level }: Median { $median }, die mittlere Hälfte { $half }
pay-page-table = Gehalt als Tabelle: { $title }
pay-page-no-country = Land nicht genannt
pay-page-role-level = Arbeit und Stufe
pay-page-lower = Unteres Viertel
pay-page-median = Median
pay-page-upper = Oberes Viertel
pay-page-state-it = Nennen es
pay-page-of = { $count } von { $all } ({ $share } %)
pay-page-too-few = Zu wenige offene Stellen nennen ihr Gehalt, um mehr zu sagen.
level-all = alle Stufen
level-not-stated = Stufe nicht genannt

## Eine Stelle und ihre Fakten
job-closed-on = Diese Stelle wurde am { $day } geschlossen.
job-apply = Bewerben bei { $host }
job-understood = Was wir verstanden haben
job-concluded = (gefolgert)
job-posting = Die Ausschreibung
job-first-seen = Hier zuerst gesehen am { $day }.
job-first-seen-from = Hier zuerst gesehen am { $day }, von { $credit }.
job-gone-heading = Diese Stelle ist nicht hier
job-gone = Vielleicht wurde sie längst entfernt.
fact-role = Arbeit
fact-level = Stufe
fact-experience = Erfahrung
fact-years = { $years } Jahre oder mehr
fact-pay = Gehalt
fact-a-year = Im Jahr
fact-reckoned = { $pay }, gerechnet mit { $with }
reckoned-year = einem Jahr
reckoned-month = 12 Monaten
reckoned-week = 52 Wochen
reckoned-day = 260 Tagen
reckoned-hour = 2.080 Stunden
fact-extras = Außerdem bezahlt
fact-place = Ort
fact-mode = Arbeitsweise
fact-remote-from = Remote aus
fact-skills = Kenntnisse
fact-nice = Gern gesehen
fact-contract = Vertrag
fact-education = Ausbildung
fact-visa = Visum
fact-visa-yes = wird unterstützt
fact-visa-no = wird nicht unterstützt
fact-moving = Umzug
fact-moving-yes = mit Hilfe
fact-moving-no = ohne Hilfe
fact-perks = Vorteile
fact-company = Firma
fact-posted-by = Ausgeschrieben von
extra-equity = Anteile
extra-bonus = Bonus
extra-commission = Provision
extra-overtime = bezahlte Überstunden
extra-allowance = Zulage
extra-superannuation = Altersvorsorge (Superannuation)
perk-paid_leave = bezahlter Urlaub
perk-health_insurance = Krankenversicherung
perk-flexible_hours = flexible Arbeitszeit
perk-four_day_week = Vier-Tage-Woche
perk-learning_budget = Weiterbildungsbudget
perk-parental_leave = Elternzeit
perk-relocation = Hilfe beim Umzug
perk-stock_options = Aktien oder Optionen
perk-retirement_plan = Altersvorsorge
perk-home_office_budget = Budget fürs Homeoffice
perk-wellness = Gesundheitsangebote
perk-commuting = Zuschuss zum Arbeitsweg
company-startup = Start-up
company-scaleup = Scale-up
company-enterprise = große Firma
company-public_sector = öffentlicher Dienst
by-employer = der Firma selbst
by-agency = einer Vermittlung

## Der letzte Brief, sein Ende
letter-goodbye-not-you =
    Das waren nicht Sie? Vielleicht hat jemand den Knopf gedrückt, an den ein Brief
    weitergegeben wurde.
letter-goodbye-new = einen neuen Alert anlegen
letter-goodbye-welcome = Sie können jederzeit { $link }.
letter-goodbye-welcome-text = Sie können jederzeit einen neuen Alert anlegen:
letter-goodbye-see = Ansehen oder löschen, was wir von Ihnen speichern
letter-goodbye-days = dieser Link gilt { $days } Tage.
letter-goodbye-days-text = der Link gilt { $days } Tage:

## Der Fuß von Briefen eines Alerts
letter-because = Sie bekommen diese Mail, weil Sie „{ $name }“ abonniert haben, { $cadence }.
letter-because-text = Sie bekommen diese Mail, weil Sie „{ $name }“ abonniert haben, { $cadence }.
letter-agreed = Zugestimmt haben Sie am { $day }.
letter-manage = Alerts ändern oder pausieren
letter-unsubscribe = Diesen Alert abbestellen

## Stellen in Briefen
letter-name = Ihr Job-Alert
letter-untitled = Stelle ohne Titel
letter-a-job = eine Stelle ohne Titel
letter-unnamed = Firma ohne Namen
letter-places = { $places } und { $count } weitere Orte
letter-remote = Remote
letter-remote-in = Remote in { $countries }
letter-remote-in-more = Remote in { $countries } und { $count } weiteren
letter-pay = Gehalt: { $pay }
letter-pay-not-stated = Gehalt nicht genannt
letter-not-stated = nicht genannt
letter-why = Warum Sie das sehen: { $reasons }
letter-reason = { $wish }: { $found }
letter-reason-unknown = { $wish } nicht genannt
letter-reason-remote = remote, kein Land genannt
letter-reason-remote-open = remote, offen für { $countries }
letter-reason-none = nichts davon
letter-source = { $age }, von { $source }
letter-apply = Bewerben: { $url }
letter-apply-at = Bewerben bei { $host }
letter-see = Zur Stelle
letter-feedback = Mehr davon, oder nichts für mich
letter-more =
    { $count ->
        [one] + { $count } weitere, die passt
       *[other] + { $count } weitere, die passen
    }
letter-elsewhere = und { $count } anderswo
letter-headline-more = + { $count } weitere
letter-since = Was aus Stellen wurde, die Ihnen gefielen
letter-since-more = und { $count } weitere der Stellen, die Ihnen gefielen
letter-changed = { $part }: { $after }, vorher { $before }
letter-new =
    { $count ->
        [one] { $count } neue Stelle passt
       *[other] { $count } neue Stellen passen
    }
letter-closed =
    { $count ->
        [one] { $count } weitere wurde geschlossen, bevor diese Mail ging.
       *[other] { $count } weitere wurden geschlossen, bevor diese Mail ging.
    }
letter-none-open = { $name }: keine Stelle ist mehr offen
letter-welcome-thanks = Danke, dass Sie Ihre persönlichen Job-Alerts abonniert haben. Sie kommen: { $cadence }.
letter-welcome-fit =
    { $count ->
        [one] { $count } offene Stelle passt schon;
       *[other] { $count } offene Stellen passen schon;
    }
letter-welcome-one = sie steht unten.
letter-welcome-best = die besten davon stehen unten.
letter-welcome-nothing = Noch passt nichts, was jetzt offen ist. Sie hören von uns, sobald etwas passt.
letter-welcome-subject =
    { $count ->
        [one] Willkommen: { $count } offene Stelle passt zu Ihrem Alert
       *[other] Willkommen: { $count } offene Stellen passen zu Ihrem Alert
    }
letter-welcome-subject-none = Willkommen: Ihr Job-Alert läuft
age-now = gerade eben
age-minutes = vor { $count } min
age-hours = vor { $count } h
age-day = vor 1 Tag
age-days = vor { $count } Tagen
age-weeks = vor { $count } Wochen
age-months = vor { $count } Monaten
criterion-role = Arbeit
criterion-skills = Kenntnisse
criterion-seniority = Stufe
criterion-experience = Erfahrung
criterion-salary = Gehalt
criterion-place = Ort
criterion-work_mode = Arbeitsweise
criterion-employment_type = Vertrag
criterion-education = Ausbildung
criterion-company = Firma
criterion-keywords = Wörter
event-changed = geändert
event-closed = geschlossen
event-relisted = wieder offen
part-title = Titel
part-place = Ort
part-pay = Gehalt
part-text = Beschreibung

## Der Brief, der fragt, ob die Alerts noch erwünscht sind
letter-renew-subject = Möchten Sie Ihre Job-Alerts weiterhin?
letter-renew-preheader = Ein Druck behält sie. Ohne ihn enden sie von selbst am { $day }.
letter-renew-silent =
    Seit dem { $since } haben wir nichts von Ihnen gehört. Alerts enden nach
    { $days } Tagen ohne ein Zeichen, damit niemand vergessene Mails bekommt:
    Ihre enden am { $day }, wenn Sie nicht sagen, dass Sie sie möchten.
letter-renew-open = Öffnen Sie diese Seite und drücken Sie den Knopf, um sie zu behalten:
letter-renew-keep = Meine Alerts behalten
letter-renew-about = Es geht um:
letter-renew-more = und { $count } weitere
letter-renew-nothing = Tun Sie nichts, enden sie, und es kommt keine Mail mehr. Diese Frage kommt einmal.
letter-renew-because = Sie bekommen diese Mail, weil Sie Job-Alerts abonniert haben.
letter-renew-because-on = Sie bekommen diese Mail, weil Sie Job-Alerts abonniert haben; zugestimmt haben Sie am { $day }.
letter-renew-end = Jetzt alle beenden

## Der Brief über einen Alert, der nichts brachte
letter-silence-subject = Seit { $days } Tagen nichts Neues: { $name }
letter-silence-preheader = Ohne den Wunsch „{ $wish }“ hätten { $count } gepasst.
letter-silence-preheader-none = Ihr Alert läuft. Kein einzelner Wunsch hält Stellen fern.
letter-silence-days = Seit { $days } Tagen passte keine neue Stelle zu diesem Alert. Er läuft und sucht weiter.
letter-silence-days-of =
    Seit { $days } Tagen passte keine neue Stelle zu diesem Alert, von { $published }
    erschienenen. Er läuft und sucht weiter.
letter-silence-most = Was die meisten fernhält
letter-silence-without =
    { $count ->
        [one] ohne diesen Wunsch hätte { $count } Stelle gepasst
       *[other] ohne diesen Wunsch hätten { $count } Stellen gepasst
    }
letter-silence-change = Diesen Alert ändern
letter-silence-together =
    Kein einzelner Wunsch ist schuld: Auch ohne irgendeinen von ihnen wäre nichts
    gekommen. Weniger von ihnen zusammen brächten etwas.
letter-silence-nothing = An Ihren Wünschen liegt es nicht: Inzwischen ist hier gar nichts erschienen.
letter-silence-once = Das wird einmal gesagt. Die nächste Mail kommt, wenn etwas passt.

## Die Seite eines Webhooks
webhook-heading = Diesen Alert an ein Programm senden
webhook-what = Was der Alert bringt, wird als JSON an diese Adresse gesendet, signiert nach Standard Webhooks, immer wenn auch eine Mail käme. Die Mails kommen weiter wie bisher.
webhook-label = Adresse (https)
webhook-replace-label = Andere Adresse (https)
webhook-keep = Dorthin senden
webhook-replace = Ersetzen, mit neuem Geheimnis
webhook-secret = Mit diesem Geheimnis prüft Ihr Programm, dass ein Aufruf von uns kommt. Bewahren Sie es jetzt auf: Es wird nicht noch einmal gezeigt.
webhook-address = Adresse
webhook-standing = Stand
webhook-fault = Letzter Fehler
webhook-worked = Zuletzt geglückt
webhook-new = Läuft. Gesendet wurde noch nichts.
webhook-well = Es funktioniert.
webhook-failing = Es misslingt seit { $at } und wird in immer längeren Abständen wieder versucht.
webhook-off = Abgeschaltet am { $at }. Ein Test schaltet wieder ein.
webhook-test = Test senden
webhook-drop = Entfernen
webhook-fault-https = Geben Sie eine Adresse an, die mit https beginnt, ohne Benutzername und Passwort, zum Beispiel https://example.org/jobs
webhook-fault-public = Geben Sie den Namen eines Rechners an, der von überall zu erreichen ist, zum Beispiel example.org
webhook-fault-off = Von hier wird zurzeit nichts an Programme gesendet: Der Betreiber hat es abgeschaltet.
call-refused = die Gegenseite antwortet mit einem Fehler
call-gone = die Gegenseite sagt, dass es sie nicht mehr gibt
call-slow = die Gegenseite antwortet zu langsam
call-unreachable = die Gegenseite ist nicht zu erreichen
call-forbidden = die Adresse führt dorthin, wohin nichts gesendet werden darf

## Der Brief über einen Webhook, der abgeschaltet ist
letter-webhook-subject = Senden an Ihr Programm abgeschaltet: { $name }
letter-webhook-gone = Dieser Alert wurde auch an { $host } gesendet. Von dort heißt es jetzt, dass es die Adresse nicht mehr gibt. Dorthin wird nichts mehr gesendet.
letter-webhook-failed =
    Dieser Alert wurde auch an { $host } gesendet, wo seit dem { $day } nichts mehr ankommt: { $fault }.
    Dorthin wird nichts mehr gesendet; was darauf wartete, entfällt.
letter-webhook-mails = Ihre Mails kommen weiter wie bisher, mit allem, was der Alert bringt.
letter-webhook-look = Ansehen oder wieder einschalten
