<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
<context>
    <name>Account</name>
    <message>
        <source>Recorded</source>
        <translation>سُجّل</translation>
    </message>
    <message>
        <source>arrived and kept</source>
        <translation>وصل وحُفظ</translation>
    </message>
    <message>
        <source>waiting here</source>
        <translation>ينتظر هنا</translation>
    </message>
    <message>
        <source>withdrawn or removed by you</source>
        <translation>سحبته أو أزلته أنت</translation>
    </message>
    <message>
        <source>lost, as listed below</source>
        <translation>ضاع، كما هو مذكور أدناه</translation>
    </message>
    <message>
        <source>The lines below the first add up to it: every record is accounted for.</source>
        <translation>مجموع الأسطر التي تحت السطر الأول يساويه: كل سجل معروف المصير.</translation>
    </message>
    <message>
        <source>The lines below the first do not add up to it yet, because some are being written now.</source>
        <translation>مجموع الأسطر التي تحت السطر الأول لا يساويه بعد، لأن بعض السجلات يُكتب الآن.</translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>بلا ملفات</numerusform>
            <numerusform>ملف واحد</numerusform>
            <numerusform>ملفان</numerusform>
            <numerusform>%Ln ملفات</numerusform>
            <numerusform>%Ln ملفًا</numerusform>
            <numerusform>%Ln ملف</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ActivityFilter</name>
    <message>
        <source>Show &amp;all</source>
        <translation>عرض ال&amp;كل</translation>
    </message>
    <message>
        <source>&amp;State</source>
        <translation>ال&amp;حالة</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>كل الحالات</translation>
    </message>
    <message>
        <source>&amp;Place</source>
        <translation>ال&amp;مكان</translation>
    </message>
    <message>
        <source>Any place</source>
        <translation>كل الأماكن</translation>
    </message>
    <message>
        <source>&amp;Checklist</source>
        <translation>&amp;قائمة التحقق</translation>
    </message>
    <message>
        <source>Any report</source>
        <translation>أي تقرير</translation>
    </message>
    <message>
        <source>&amp;Time</source>
        <translation>ال&amp;وقت</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>كل الأوقات</translation>
    </message>
    <message>
        <source>Filter: {chosen}</source>
        <translation>التصفية: {chosen}</translation>
    </message>
    <message>
        <source>Filter activity</source>
        <translation>تصفية النشاط</translation>
    </message>
    <message>
        <source>On the way</source>
        <translation>في الطريق</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>آخر سبعة أيام</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>آخر ثلاثين يومًا</translation>
    </message>
    <message>
        <source>Last 12 months</source>
        <translation>آخر اثني عشر شهرًا</translation>
    </message>
</context>
<context>
    <name>ActivityTable</name>
    <message>
        <source>Activity</source>
        <translation>النشاط</translation>
    </message>
</context>
<context>
    <name>ActivityView</name>
    <message>
        <source>Search reports and places</source>
        <translation>البحث في التقارير والأماكن</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>النشاط</translation>
    </message>
    <message>
        <source>Nothing here has “{words}” in it.</source>
        <translation>لا شيء هنا فيه «{words}».</translation>
    </message>
    <message>
        <source>Nothing here is as the filter asks.</source>
        <translation>لا شيء هنا يطابق التصفية.</translation>
    </message>
    <message>
        <source>Nothing yet. Your check-ins and reports appear here, each with its way to your organization: saved on this computer, sent, received.</source>
        <translation>لا شيء بعد. تظهر هنا تسجيلات حضورك وتقاريرك، وكل منها مع طريقه إلى مؤسستك: محفوظ على هذا الحاسوب، أُرسل، تم استلامه.</translation>
    </message>
</context>
<context>
    <name>Agent</name>
    <message>
        <source>This account is not in the app any more. Sign in to add it again.</source>
        <translation>لم يعد هذا الحساب في التطبيق. سجّل الدخول لإضافته من جديد.</translation>
    </message>
    <message>
        <source>You are not checked in. Check in first.</source>
        <translation>لم تسجّل حضورك. سجّل الحضور أولًا.</translation>
    </message>
    <message>
        <source>Your break has begun already. End it, or check out.</source>
        <translation>بدأت استراحتك من قبل. أنهها، أو سجّل الانصراف.</translation>
    </message>
    <message>
        <source>You are not on a break.</source>
        <translation>لست في استراحة.</translation>
    </message>
    <message>
        <source>Miratag runs here but does not answer. Try again, or quit it and start it again.</source>
        <translation>Miratag يعمل هنا لكنه لا يستجيب. حاول مرة أخرى، أو أنهه وابدأه من جديد.</translation>
    </message>
    <message>
        <source>Miratag runs already. Use its window, or quit it first.</source>
        <translation>Miratag يعمل من قبل. استخدم نافذته، أو أنهه أولًا.</translation>
    </message>
    <message>
        <source>Another user answers there.</source>
        <translation>يستجيب هناك مستخدم آخر.</translation>
    </message>
    <message>
        <source>From here a file can be attached by its path only.</source>
        <translation>من هنا لا يُرفق ملف إلا بمساره.</translation>
    </message>
    <message>
        <source>The other end took too long.</source>
        <translation>استغرق الطرف الآخر وقتًا طويلًا.</translation>
    </message>
    <message>
        <source>A frame is larger than allowed.</source>
        <translation>الرسالة أكبر من المسموح به.</translation>
    </message>
    <message>
        <source>The other end hung up.</source>
        <translation>أنهى الطرف الآخر الاتصال.</translation>
    </message>
    <message>
        <source>Miratag is ending here. Start it again in a moment.</source>
        <translation>Miratag يُغلق هنا. ابدأه من جديد بعد لحظة.</translation>
    </message>
    <message>
        <source>Miratag runs here without a window.</source>
        <translation>Miratag يعمل هنا بلا نافذة.</translation>
    </message>
    <message>
        <source>Miratag runs already; its window is open or in the tray.</source>
        <translation>Miratag يعمل من قبل؛ نافذته مفتوحة أو في شريط النظام.</translation>
    </message>
    <message>
        <source>Miratag took too long to answer. Try again.</source>
        <translation>استغرق Miratag وقتًا طويلًا للرد. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>This computer has no keyring to keep your sign-in, so it lasts until Miratag closes. Install one (GNOME Keyring, KWallet or KeePassXC) and sign in again to stay signed in.</source>
        <translation>ليس على هذا الحاسوب مخزن كلمات مرور يحفظ تسجيل دخولك، فيدوم إلى أن يُغلق Miratag. ثبّت واحدًا (GNOME Keyring أو KWallet أو KeePassXC) وسجّل الدخول من جديد لتبقى مسجّل الدخول.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not answer. Look for its window and answer it, then press Retry; everything you save stays here meanwhile.</source>
        <translation>مخزن كلمات المرور على هذا الحاسوب لا يستجيب. ابحث عن نافذته وأجب عنها، ثم اضغط «إعادة المحاولة»؛ كل ما تحفظه يبقى هنا في هذه الأثناء.</translation>
    </message>
    <message>
        <source>The keyring of this computer is locked, so Miratag cannot sign in to send your work. Unlock it and press Retry; everything you save stays here meanwhile.</source>
        <translation>مخزن كلمات المرور على هذا الحاسوب مقفل، فلا يستطيع Miratag تسجيل الدخول لإرسال عملك. افتح قفله واضغط «إعادة المحاولة»؛ كل ما تحفظه يبقى هنا في هذه الأثناء.</translation>
    </message>
    <message>
        <source>This entry may be removed.</source>
        <translation>يمكن حذف هذا المدخل.</translation>
    </message>
    <message>
        <source>Log data cannot be looked up right now. Try again.</source>
        <translation>لا يمكن عرض سجلات التطبيق الآن. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>There is nothing in what was pasted. Copy it again.</source>
        <translation>لا شيء فيما أُلصق. انسخه من جديد.</translation>
    </message>
    <message>
        <source>This report is not on this computer.</source>
        <translation>هذا التقرير ليس على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>There is nothing in this report any more. Write what happened.</source>
        <translation>لم يعد في هذا التقرير شيء. اكتب ما حدث.</translation>
    </message>
    <message>
        <source>Nothing is changed yet. Correct the text, or answer with a comment.</source>
        <translation>لم يتغير شيء بعد. صحّح النص، أو أجب بتعليق.</translation>
    </message>
    <message>
        <source>This file answers a question of the checklist. Correct the answer to take it off.</source>
        <translation>هذا الملف جواب عن سؤال في قائمة التحقق. صحّح الجواب لإزالته.</translation>
    </message>
    <message>
        <source>The comment is empty. Write it first.</source>
        <translation>التعليق فارغ. اكتبه أولًا.</translation>
    </message>
    <message>
        <source>Attach either a file or what was pasted.</source>
        <translation>أرفق إما ملفًا أو ما أُلصق.</translation>
    </message>
    <message>
        <source>This checklist is not on this computer. Sync, or choose another one.</source>
        <translation>قائمة التحقق هذه ليست على هذا الحاسوب. زامن، أو اختر قائمة أخرى.</translation>
    </message>
    <message>
        <source>It is too late to undo this: the report is on its way. Write a second one.</source>
        <translation>فات وقت التراجع عن هذا: التقرير في الطريق. اكتب تقريرًا ثانيًا.</translation>
    </message>
    <message>
        <source>This report was sent already. Write a new one.</source>
        <translation>أُرسل هذا التقرير من قبل. اكتب تقريرًا جديدًا.</translation>
    </message>
    <message>
        <source>This report is on its way or was received. Write a comment, or a second one.</source>
        <translation>هذا التقرير في الطريق أو تم استلامه. اكتب تعليقًا، أو تقريرًا ثانيًا.</translation>
    </message>
    <message>
        <source>A listener of the agent failed.</source>
        <translation>تعطل أحد مستمعي البرنامج.</translation>
    </message>
    <message>
        <source>Nothing needs you now, so there is nothing to save.</source>
        <translation>لا شيء يحتاج إلى تدخلك الآن، فلا شيء للحفظ.</translation>
    </message>
    <message>
        <source>Miratag could not open what is saved on this computer. Nothing was deleted. Quit it and start it again; if that does not help, show this to whoever looks after your computer.</source>
        <translation>لم يستطع Miratag فتح ما حُفظ على هذا الحاسوب. لم يُحذف شيء. أنهه وابدأه من جديد؛ وإذا لم ينفع ذلك، فأرِ هذا لمن يعتني بحاسوبك.</translation>
    </message>
    <message>
        <source>The app is closing. Try again when it runs.</source>
        <translation>التطبيق يُغلق. حاول مرة أخرى عندما يعمل.</translation>
    </message>
    <message>
        <source>Nobody is signed in. Sign in first.</source>
        <translation>لا أحد مسجّل الدخول. سجّل الدخول أولًا.</translation>
    </message>
    <message>
        <source>This app does not know that command. Update it.</source>
        <translation>لا يعرف هذا التطبيق ذلك الأمر. حدّثه.</translation>
    </message>
    <message>
        <source>The app is closing. Sign in when it runs again.</source>
        <translation>التطبيق يُغلق. سجّل الدخول عندما يعمل من جديد.</translation>
    </message>
    <message>
        <source>This is not a position in the list. Start from the top.</source>
        <translation>هذا ليس موضعًا في القائمة. ابدأ من الأعلى.</translation>
    </message>
    <message>
        <source>This draft was sent or discarded already.</source>
        <translation>أُرسلت هذه المسودة أو حُذفت من قبل.</translation>
    </message>
    <message>
        <source>This is not a time. Give it as 2026-01-31T08:00:00Z.</source>
        <translation>هذا ليس وقتًا. أعطه بهذا الشكل: ⁦2026-01-31T08:00:00Z⁩.</translation>
    </message>
    <message>
        <source>This text is over a megabyte. Attach it as a file, or split it.</source>
        <translation>هذا النص أكبر من ميغابايت. أرفقه كملف، أو قسّمه.</translation>
    </message>
    <message>
        <source>Miratag stumbled over an answer of the server. What waits is saved here; it is tried again in five minutes.</source>
        <translation>تعثر Miratag في رد من الخادم. ما ينتظر محفوظ هنا؛ تتكرر المحاولة بعد خمس دقائق.</translation>
    </message>
    <message>
        <source>Your organization&apos;s server does not know something that waits here yet. It stays saved. Update Miratag, or ask your organization to update the server.</source>
        <translation>لا يعرف خادم مؤسستك شيئًا مما ينتظر هنا بعد. يبقى محفوظًا. حدّث Miratag، أو اطلب من مؤسستك تحديث الخادم.</translation>
    </message>
    <message>
        <source>This file has arrived already, or belongs to no report here any more.</source>
        <translation>وصل هذا الملف من قبل، أو لم يعد يخص أي تقرير هنا.</translation>
    </message>
    <message>
        <source>This file belongs to no report here any more.</source>
        <translation>لم يعد هذا الملف يخص أي تقرير هنا.</translation>
    </message>
    <message>
        <source>This was cancelled.</source>
        <translation>أُلغي هذا.</translation>
    </message>
    <message>
        <source>This was settled already. Read the report as it stands now.</source>
        <translation>حُسم هذا من قبل. اقرأ التقرير كما هو الآن.</translation>
    </message>
    <message>
        <source>The text of that version is not on this computer yet. Sync, then choose again.</source>
        <translation>نص تلك النسخة ليس على هذا الحاسوب بعد. زامن، ثم اختر من جديد.</translation>
    </message>
    <message>
        <source>A file of it is paused.</source>
        <translation>أحد ملفاته متوقف مؤقتًا.</translation>
    </message>
    <message>
        <source>This place is not known here. Choose one of the list, or another place.</source>
        <translation>هذا المكان غير معروف هنا. اختر مكانًا من القائمة، أو مكانًا آخر.</translation>
    </message>
    <message>
        <source>There is nothing in this report yet. Write what happened, or add a photo.</source>
        <translation>لا شيء في هذا التقرير بعد. اكتب ما حدث، أو أضف صورة.</translation>
    </message>
    <message>
        <source>This report was sent already.</source>
        <translation>أُرسل هذا التقرير من قبل.</translation>
    </message>
    <message>
        <source>This was undone already, or was not recorded on this computer.</source>
        <translation>تم التراجع عن هذا من قبل، أو لم يُسجَّل على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Say why in a few words, so that whoever reads it later understands.</source>
        <translation>اكتب السبب في كلمات قليلة، حتى يفهم من يقرؤه لاحقًا.</translation>
    </message>
    <message>
        <source>This time has not come yet. Give one that has passed.</source>
        <translation>هذا الوقت لم يأتِ بعد. أدخل وقتًا مضى.</translation>
    </message>
    <message>
        <source>This is not a time. Give it as 2026-01-31T16:00:00+01:00.</source>
        <translation>هذا ليس وقتًا. أعطه بهذا الشكل: ⁦2026-01-31T16:00:00+01:00⁩.</translation>
    </message>
    <message>
        <source>Say what is missing, a check-in, a check-out or a break, and when it was.</source>
        <translation>قل ما الناقص: تسجيل حضور أو انصراف أو استراحة، ومتى كان.</translation>
    </message>
    <message>
        <source>Say which check-in it belongs to.</source>
        <translation>قل أي تسجيل حضور يتبعه.</translation>
    </message>
    <message>
        <source>Say which entry this is about.</source>
        <translation>قل أي تسجيل يخصه هذا.</translation>
    </message>
    <message>
        <source>Say what should stand instead: another time, or another place.</source>
        <translation>قل ما الصحيح بدلًا منه: وقت آخر، أو مكان آخر.</translation>
    </message>
    <message>
        <source>This entry is not on this computer. Look at the timesheet again.</source>
        <translation>هذا التسجيل ليس على هذا الحاسوب. انظر إلى كشف الساعات من جديد.</translation>
    </message>
    <message>
        <source>This entry does not count any more. Choose the one that stands.</source>
        <translation>لم يعد هذا التسجيل محسوبًا. اختر التسجيل الساري.</translation>
    </message>
    <message>
        <source>This entry was corrected already. Choose the one that stands now.</source>
        <translation>صُحّح هذا التسجيل من قبل. اختر التسجيل السارٍ الآن.</translation>
    </message>
    <message>
        <source>The minute to undo this is over. Ask your manager to correct it.</source>
        <translation>انتهت دقيقة التراجع عن هذا. اطلب من مديرك تصحيحه.</translation>
    </message>
    <message>
        <source>This session has an end already. Ask for a correction if it is wrong.</source>
        <translation>لفترة الحضور هذه انصراف من قبل. اطلب تصحيحًا إذا كان خاطئًا.</translation>
    </message>
    <message>
        <source>The end must come after the check-in and its breaks. Give a later time.</source>
        <translation>يجب أن يكون الانصراف بعد تسجيل الحضور وبعد استراحاته. أدخل وقتًا لاحقًا.</translation>
    </message>
    <message>
        <source>The organization never took this report. Choose Correct it, so that it is sent as a whole.</source>
        <translation>لم تستلم المؤسسة هذا التقرير قط. اختر «تصحيحه»، حتى يُرسل كاملًا.</translation>
    </message>
    <message>
        <source>This waits to be sent. What was recorded stands until a manager has decided.</source>
        <translation>ينتظر هذا الإرسال. يبقى ما سُجّل إلى أن يقرر المدير.</translation>
    </message>
    <message>
        <source>This entry is not on this computer.</source>
        <translation>هذا التسجيل ليس على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The text of this report is not on this computer yet. Sync with the server, then try again.</source>
        <translation>نص هذا التقرير ليس على هذا الحاسوب بعد. زامن مع الخادم، ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Corrected: another entry stands instead.</source>
        <translation>مُصحَّح: يسري بدلاً منه قيدٌ آخر.</translation>
    </message>
    <message>
        <source>This corrects an earlier entry.</source>
        <translation>هذا يصحّح قيدًا سابقًا.</translation>
    </message>
    <message>
        <source>The server did not complete the sign-in. Sign in again.</source>
        <translation>لم يُكمل الخادم تسجيل الدخول. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>Return to Miratag. You can close this page.</source>
        <translation>عد إلى Miratag. يمكنك إغلاق هذه الصفحة.</translation>
    </message>
    <message>
        <source>Signing in was stopped.</source>
        <translation>أُوقف تسجيل الدخول.</translation>
    </message>
    <message>
        <source>Another server than the one asked answered the sign-in. Sign in again.</source>
        <translation>رد على تسجيل الدخول خادم غير المطلوب. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>Signing in was declined in the browser.</source>
        <translation>رُفض تسجيل الدخول في المتصفح.</translation>
    </message>
    <message>
        <source>This address only ends a sign-in of Miratag.</source>
        <translation>هذا العنوان ينهي تسجيل الدخول إلى Miratag فقط.</translation>
    </message>
    <message>
        <source>Nobody signed in in the browser in time. Sign in again.</source>
        <translation>لم يسجّل أحد الدخول في المتصفح في الوقت المحدد. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>Check the address and this computer&apos;s connection, or try again later.</source>
        <translation>تحقق من العنوان ومن اتصال هذا الحاسوب، أو حاول لاحقًا.</translation>
    </message>
    <message>
        <source>This code is not valid: it was used, has run out or was mistyped. Ask for a new one.</source>
        <translation>هذا الرمز غير صالح: استُخدم أو انتهت مدته أو كُتب خطأ. اطلب رمزًا جديدًا.</translation>
    </message>
    <message>
        <source>The server did not accept the sign-in. Sign in again.</source>
        <translation>لم يقبل الخادم تسجيل الدخول. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>No browser could be opened on this computer, so signing in was stopped. Choose a browser in the system&apos;s settings, or ask your organization for an enrolment code and sign in with that.</source>
        <translation>تعذر فتح متصفح على هذا الحاسوب، فأُوقف تسجيل الدخول. اختر متصفحًا في إعدادات النظام، أو اطلب من مؤسستك رمز انضمام وسجّل الدخول به.</translation>
    </message>
    <message>
        <source>A task of the agent failed.</source>
        <translation>تعطلت إحدى مهام البرنامج.</translation>
    </message>
    <message>
        <source>This is too large for the server. Send it in smaller parts.</source>
        <translation>هذا كبير جدًا للخادم. أرسله في أجزاء أصغر.</translation>
    </message>
    <message>
        <source>Your organization&apos;s server does not know this kind of item yet. It stays saved here.</source>
        <translation>لا يعرف خادم مؤسستك هذا النوع من العناصر بعد. يبقى محفوظًا هنا.</translation>
    </message>
    <message>
        <source>The server refused this and did not say why.</source>
        <translation>رفض الخادم هذا ولم يقل لماذا.</translation>
    </message>
    <message>
        <source>The server is busy. It is asked later.</source>
        <translation>الخادم مشغول. يُسأل لاحقًا.</translation>
    </message>
    <message>
        <source>Sign in and stay signed in.</source>
        <translation>تسجيل الدخول والبقاء مسجّل الدخول.</translation>
    </message>
    <message>
        <source>The server&apos;s address, a one-time code or the sign-in token. Your password is typed in the browser only.</source>
        <translation>عنوان الخادم، ورمز يُستخدم مرة واحدة أو علامة تسجيل الدخول. كلمة مرورك تُكتب في المتصفح فقط.</translation>
    </message>
    <message>
        <source>Send the photos, videos and files of your reports, fetch one again when you ask for it, and fetch small pictures of photos that are not on this computer when you open their report.</source>
        <translation>إرسال صور تقاريرك ومقاطع الفيديو والملفات، وجلب أحدها من جديد عندما تطلبه، وجلب صور صغيرة لما ليس على هذا الحاسوب من صور تقرير عندما تفتحه.</translation>
    </message>
    <message>
        <source>The file as it is kept here, its name, type, size and checksum; of what is fetched, its number; the sign-in token.</source>
        <translation>الملف كما هو محفوظ هنا، واسمه ونوعه وحجمه ومجموعه الاختباري؛ ومما يُجلب رقمه؛ وعلامة تسجيل الدخول.</translation>
    </message>
    <message>
        <source>Send the log data that you allowed.</source>
        <translation>إرسال سجلات التطبيق التي سمحت بها.</translation>
    </message>
    <message>
        <source>Look for a newer version of this app.</source>
        <translation>البحث عن إصدار أحدث من هذا التطبيق.</translation>
    </message>
    <message>
        <source>The version and the operating system.</source>
        <translation>الإصدار ونظام التشغيل.</translation>
    </message>
    <message>
        <source>The connection was stopped before an answer came.</source>
        <translation>أُوقف الاتصال قبل أن يصل رد.</translation>
    </message>
    <message>
        <source>The app is closing.</source>
        <translation>التطبيق يُغلق.</translation>
    </message>
    <message>
        <source>A code of the location was entered; it fits the time on the device&apos;s own clock, which nobody confirmed.</source>
        <translation>أُدخل رمز للموقع؛ وهو يوافق الوقت على ساعة الجهاز نفسه، ولم يؤكدها أحد.</translation>
    </message>
    <message>
        <source>Chosen by hand.</source>
        <translation>اختير يدويًا.</translation>
    </message>
    <message>
        <source>Chosen by its location code.</source>
        <translation>اختير برمز الموقع.</translation>
    </message>
    <message>
        <source>Suggested by the network.</source>
        <translation>اقترحته الشبكة.</translation>
    </message>
    <message>
        <source>Suggested by the device&apos;s position.</source>
        <translation>اقترحه الموقع الجغرافي للجهاز.</translation>
    </message>
    <message>
        <source>Entered at a shared computer.</source>
        <translation>أُدخل على حاسوب مشترك.</translation>
    </message>
    <message>
        <source>The code that was shown at the location was entered.</source>
        <translation>أُدخل الرمز الذي كان معروضًا في الموقع.</translation>
    </message>
    <message>
        <source>A location code was entered that this location did not have.</source>
        <translation>أُدخل رمز موقع ليس لهذا الموقع.</translation>
    </message>
    <message>
        <source>A location code was entered that this location had at another time.</source>
        <translation>أُدخل رمز كان لهذا الموقع في وقت آخر.</translation>
    </message>
    <message>
        <source>A location code was entered that this person had used before.</source>
        <translation>أُدخل رمز موقع استخدمه هذا الشخص من قبل.</translation>
    </message>
    <message>
        <source>A location code was entered after too many wrong ones, and was not checked.</source>
        <translation>أُدخل رمز الموقع بعد رموز خاطئة كثيرة، فلم يُتحقق منه.</translation>
    </message>
    <message>
        <source>The device was in a network that this location is known by.</source>
        <translation>كان الجهاز في شبكة يُعرف بها هذا الموقع.</translation>
    </message>
    <message>
        <source>The device was in no network that this location is known by.</source>
        <translation>لم يكن الجهاز في أي شبكة يُعرف بها هذا الموقع.</translation>
    </message>
    <message>
        <source>It came here from an address that this location is known by.</source>
        <translation>وصل من عنوان يُعرف به هذا الموقع.</translation>
    </message>
    <message>
        <source>It came here from an address that this location is not known by.</source>
        <translation>وصل من عنوان لا يُعرف به هذا الموقع.</translation>
    </message>
    <message>
        <source>The device put itself inside the location.</source>
        <translation>حدّد الجهاز مكانه داخل الموقع.</translation>
    </message>
    <message>
        <source>The device put itself outside the location.</source>
        <translation>حدّد الجهاز مكانه خارج الموقع.</translation>
    </message>
    <message>
        <source>The device&apos;s position cannot tell whether it was inside the location.</source>
        <translation>لا يتبيّن من الموقع الجغرافي للجهاز هل كان داخل الموقع.</translation>
    </message>
    <message>
        <source>The time is this server&apos;s.</source>
        <translation>الوقت من هذا الخادم.</translation>
    </message>
    <message>
        <source>The device counted the time on from this server&apos;s clock.</source>
        <translation>حسب الجهاز الوقت ابتداءً من ساعة هذا الخادم.</translation>
    </message>
    <message>
        <source>The time is the device&apos;s own clock; nothing confirmed it.</source>
        <translation>الوقت من ساعة الجهاز نفسه؛ ولم يؤكده شيء.</translation>
    </message>
    <message>
        <source>You asked for this. What was recorded stands until a manager has decided.</source>
        <translation>طلبت هذا. يبقى ما سُجّل إلى أن يقرر المدير.</translation>
    </message>
    <message>
        <source>Approved. Your attendance shows it now; what was recorded before stays visible.</source>
        <translation>اعتُمد. يظهر الآن في حضورك؛ ويبقى ما سُجّل من قبل ظاهرًا.</translation>
    </message>
    <message>
        <source>Refused. What was recorded stands as it was.</source>
        <translation>رُفض. ويبقى ما سُجّل كما كان.</translation>
    </message>
    <message>
        <source>The ids of this entry are mixed up. Update the app and send again.</source>
        <translation>معرّفات هذا التسجيل مختلطة. حدّث التطبيق وأرسل مرة أخرى.</translation>
    </message>
    <message>
        <source>This entry was already sent under another number. Enter it once more.</source>
        <translation>أُرسل هذا التسجيل من قبل برقم آخر. أدخله مرة أخرى.</translation>
    </message>
    <message>
        <source>A photo was added.</source>
        <translation>أُضيفت صورة.</translation>
    </message>
    <message>
        <source>The server&apos;s answer does not hold, so it does not count. It is asked again.</source>
        <translation>لم يثبت أن رد الخادم صحيح، فلا يُحسب. سيُسأل مرة أخرى.</translation>
    </message>
    <message>
        <source>The server answered, but has not said that it erased anything. It is asked again.</source>
        <translation>رد الخادم، لكنه لم يقل إنه حذف شيئًا. سيُسأل مرة أخرى.</translation>
    </message>
    <message>
        <source>The server&apos;s answer is about something else, so it does not count.</source>
        <translation>رد الخادم يخص شيئًا آخر، فلا يُحسب.</translation>
    </message>
    <message>
        <source>The server&apos;s answer cannot be read, so it does not count.</source>
        <translation>لا يمكن قراءة رد الخادم، فلا يُحسب.</translation>
    </message>
    <message>
        <source>You withdrew or removed them; they were deleted here and not sent.</source>
        <translation>سحبتها أو أزلتها؛ حُذفت هنا ولم تُرسل.</translation>
    </message>
    <message>
        <source>Too many waited on this computer; the oldest were dropped.</source>
        <translation>كثر ما ينتظر على هذا الحاسوب؛ أُسقط الأقدم.</translation>
    </message>
    <message>
        <source>What waited on this computer took too much room; the oldest were dropped.</source>
        <translation>شغل ما ينتظر على هذا الحاسوب مساحة كبيرة؛ أُسقط الأقدم.</translation>
    </message>
    <message>
        <source>They waited too long on this computer and were dropped.</source>
        <translation>انتظرت على هذا الحاسوب مدة طويلة فأُسقطت.</translation>
    </message>
    <message>
        <source>They came faster than this computer could write them.</source>
        <translation>جاءت أسرع مما يستطيع هذا الحاسوب كتابته.</translation>
    </message>
    <message>
        <source>This computer&apos;s disk did not take them.</source>
        <translation>لم يقبلها قرص هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The server could not read them. They were put aside and are not sent again.</source>
        <translation>لم يستطع الخادم قراءتها. وُضعت جانبًا ولن تُرسل مرة أخرى.</translation>
    </message>
    <message>
        <source>They were too large for the server.</source>
        <translation>كانت أكبر مما يقبله الخادم.</translation>
    </message>
    <message>
        <source>The server did not keep them and named no reason.</source>
        <translation>لم يحفظها الخادم ولم يذكر سببًا.</translation>
    </message>
    <message>
        <source>The organization does not allow this kind of log data, so the server did not keep them.</source>
        <translation>لا تسمح المؤسسة بهذا النوع من سجلات التطبيق، فلم يحفظها الخادم.</translation>
    </message>
    <message>
        <source>The server&apos;s list of events does not have them, so it did not keep them.</source>
        <translation>ليست في قائمة أحداث الخادم، فلم يحفظها.</translation>
    </message>
    <message>
        <source>They belong to what was erased, so the server did not keep them again.</source>
        <translation>هي من جملة ما حُذف، فلم يحفظها الخادم من جديد.</translation>
    </message>
    <message>
        <source>The server found them malformed and did not keep them.</source>
        <translation>وجدها الخادم غير سليمة البنية فلم يحفظها.</translation>
    </message>
    <message>
        <source>The server could not be reached or asked to wait. It is tried again by itself; nothing is lost.</source>
        <translation>تعذر الوصول إلى الخادم أو طلب الانتظار. تتكرر المحاولة تلقائيًا؛ ولا يضيع شيء.</translation>
    </message>
    <message>
        <source>It waits for up to an hour, because the network costs or this computer runs on its battery. Errors do not wait for that.</source>
        <translation>ينتظر مدة تصل إلى ساعة، لأن الشبكة مدفوعة أو لأن هذا الحاسوب يعمل على بطاريته. أما الأعطال فلا تنتظر ذلك.</translation>
    </message>
    <message>
        <source>Not recorded, because this kind of log data is off. Counted since the app started.</source>
        <translation>لم تُسجَّل، لأن هذا النوع من سجلات التطبيق متوقف. العدد منذ بدء التطبيق.</translation>
    </message>
    <message>
        <source>Not recorded, because the catalog does not have such an event. Counted since the app started.</source>
        <translation>لم تُسجَّل، لأن الفهرس لا يحتوي على حدث كهذا. العدد منذ بدء التطبيق.</translation>
    </message>
    <message>
        <source>Not recorded, because the event&apos;s time in the catalog is over. Counted since the app started.</source>
        <translation>لم تُسجَّل، لأن مدة الحدث في الفهرس انتهت. العدد منذ بدء التطبيق.</translation>
    </message>
    <message>
        <source>Not recorded, because a field was not as the catalog declares it. Counted since the app started.</source>
        <translation>لم تُسجَّل، لأن أحد الحقول لم يكن كما يعلنه الفهرس. العدد منذ بدء التطبيق.</translation>
    </message>
    <message>
        <source>This entry is not in the ledger any more; it was too old to be kept.</source>
        <translation>لم يعد هذا القيد في القائمة؛ فهو أقدم من أن يُحفظ.</translation>
    </message>
    <message>
        <source>This record is not here any more: it was sent, or removed before.</source>
        <translation>لم يعد هذا السجل هنا: أُرسل، أو أُزيل من قبل.</translation>
    </message>
    <message>
        <source>This record is on its way right now, so it cannot be taken back.</source>
        <translation>هذا السجل في الطريق الآن، فلا يمكن استرجاعه.</translation>
    </message>
    <message>
        <source>The server answered, but it did not take them.</source>
        <translation>رد الخادم، لكنه لم يقبلها.</translation>
    </message>
    <message>
        <source>The server received what was sent.</source>
        <translation>استلم الخادم ما أُرسل.</translation>
    </message>
    <message>
        <source>The reason has %(count)s characters; %(most)s are the most. Shorten it.</source>
        <translation>في السبب %(count)s حرفًا، والحد الأقصى %(most)s. اختصره.</translation>
    </message>
    <message>
        <source>%(folder)s is not a folder of yours, so other programs cannot reach Miratag. Remove it and start again.</source>
        <translation>المجلد %(folder)s ليس لك، فلا تستطيع البرامج الأخرى الوصول إلى Miratag. أزله وابدأ من جديد.</translation>
    </message>
    <message>
        <source>Miratag %(version)s runs here, this is %(own)s. Quit it and start it again.</source>
        <translation>يعمل هنا Miratag بالإصدار %(version)s، وهذا هو الإصدار %(own)s. أنهه وشغّله من جديد.</translation>
    </message>
    <message>
        <source>%(path)s cannot be opened: %(why)s. Check the folder&apos;s permissions, or choose another with --profile.</source>
        <translation>لا يمكن فتح %(path)s: %(why)s. تحقق من أذونات المجلد، أو اختر غيره باستخدام --profile.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not work (%(reason)s). Start it anew or sign out of the computer and in again, then press Retry; everything you save stays here meanwhile.</source>
        <translation>مخزن كلمات المرور على هذا الحاسوب لا يعمل (%(reason)s). شغّله من جديد، أو سجّل الخروج من الحاسوب ثم الدخول، ثم اضغط «إعادة المحاولة»؛ كل ما تحفظه يبقى هنا في هذه الأثناء.</translation>
    </message>
    <message>
        <source>The sign-in file %(path)s cannot be %(what)s: %(reason)s. Put that right, or sign in again; everything you saved stays here.</source>
        <translation>تعذّر استخدام ملف تسجيل الدخول %(path)s (%(what)s): %(reason)s. أصلح ذلك، أو سجّل الدخول من جديد؛ كل ما حفظته يبقى هنا.</translation>
    </message>
    <message>
        <source>Sign in again as %(name)s to send what waits. It is saved here until then.</source>
        <translation>سجّل الدخول من جديد باسم %(name)s لإرسال ما ينتظر. وهو محفوظ هنا إلى ذلك الحين.</translation>
    </message>
    <message>
        <source>This computer has no keyring, so the sign-in of %(name)s ended when Miratag closed. Sign in again; what waits is saved here and goes out then.</source>
        <translation>ليس على هذا الحاسوب مخزن كلمات مرور، فانتهى تسجيل دخول %(name)s عندما أُغلق Miratag. سجّل الدخول من جديد؛ ما ينتظر محفوظ هنا ويُرسل عندئذ.</translation>
    </message>
    <message>
        <source>The server gave no sign-in (it answered %(status)s).</source>
        <translation>لم يمنح الخادم تسجيل الدخول (كان رده %(status)s).</translation>
    </message>
    <message>
        <source>Since you allowed this, your organization began to pass it on to others, or to pass on more. It is off until you allow it again.</source>
        <translation>منذ أن سمحت بهذا بدأت مؤسستك تمريره إلى جهات أخرى، أو تمرير المزيد. وهو متوقف إلى أن تسمح به من جديد.</translation>
    </message>
    <message>
        <source>This receipt is not here any more. Open the list of erasures again.</source>
        <translation>لم يعد هذا الإيصال هنا. افتح قائمة طلبات الحذف من جديد.</translation>
    </message>
    <message>
        <source>Off because the file with your choice was damaged. It was put aside as %(name)s, and a new one was begun. Choose again.</source>
        <translation>متوقف لأن الملف الذي فيه اختيارك تالف. نُحّي جانبًا باسم %(name)s، وبدأ ملف جديد. اختر من جديد.</translation>
    </message>
    <message>
        <source>What waits is sent later by itself.</source>
        <translation>ما ينتظر يُرسل لاحقًا تلقائيًا.</translation>
    </message>
    <message>
        <source>Log data could not be sent.</source>
        <translation>تعذر إرسال سجلات التطبيق.</translation>
    </message>
    <message>
        <source>Nothing was sent from this computer under this account, so there is nothing to erase.</source>
        <translation>لم يُرسل شيء من هذا الحاسوب بهذا الحساب، فلا شيء يُحذف.</translation>
    </message>
    <message>
        <source>Nothing was received.</source>
        <translation>لم يُستلم شيء.</translation>
    </message>
    <message>
        <source>Nothing waits to be sent.</source>
        <translation>لا شيء ينتظر الإرسال.</translation>
    </message>
    <message>
        <source>The server could not be reached.</source>
        <translation>تعذر الوصول إلى الخادم.</translation>
    </message>
    <message>
        <source>The server did not give “%(name)s” (it answered %(status)s). Try again later.</source>
        <translation>لم يعطِ الخادم «%(name)s» (كان رده %(status)s). حاول مرة أخرى لاحقًا.</translation>
    </message>
    <message>
        <source>Your organization does not have “%(name)s” for you any more.</source>
        <translation>لم يعد لدى مؤسستك «%(name)s» لك.</translation>
    </message>
    <message>
        <source>“%(name)s” could not be saved here: %(why)s. Free some space and try again.</source>
        <translation>تعذّر حفظ «%(name)s» هنا: %(why)s. أفرغ بعض المساحة وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>What came is not “%(name)s” as it was sent, and was deleted. Fetch it again; if that happens twice, tell your organization.</source>
        <translation>ما وصل ليس «%(name)s» كما أُرسل، فحُذف. اجلبه من جديد؛ وإذا تكرر ذلك فأبلغ مؤسستك.</translation>
    </message>
    <message>
        <source>“%(name)s” could not be saved here: the disk is full. Free some space and attach it again.</source>
        <translation>تعذّر حفظ «%(name)s» هنا: القرص ممتلئ. أفرغ بعض المساحة وأرفقه من جديد.</translation>
    </message>
    <message>
        <source>“%(name)s” could not be saved here: %(why)s. Check the disk and attach it again.</source>
        <translation>تعذّر حفظ «%(name)s» هنا: %(why)s. تحقق من القرص وأرفقه من جديد.</translation>
    </message>
    <message>
        <source>“%(name)s” holds something besides pictures and sound that cannot be taken out here. Save it anew and attach that, or choose to keep place, device and file name: then it is sent as it is.</source>
        <translation>في «%(name)s» شيء غير الصور والصوت لا يمكن إخراجه هنا. احفظه من جديد وأرفق ذلك، أو اختر الاحتفاظ بالمكان والجهاز واسم الملف: عندئذ يُرسل كما هو.</translation>
    </message>
    <message>
        <source>“%(name)s” begins like %(kind)s but is damaged or cut off. Open it, save it anew and attach that, or choose to keep place, device and file name: then it is sent as it is.</source>
        <translation>يبدأ «%(name)s» مثل %(kind)s لكنه تالف أو مبتور. افتحه واحفظه من جديد وأرفق ذلك، أو اختر الاحتفاظ بالمكان والجهاز واسم الملف: عندئذ يُرسل كما هو.</translation>
    </message>
    <message>
        <source>“%(name)s” is too large: your organization takes files up to %(limit)s. Shorten or shrink it.</source>
        <translation>«%(name)s» كبير جدًا: تقبل مؤسستك ملفات حجمها حتى %(limit)s. اختصره أو صغّره.</translation>
    </message>
    <message>
        <source>“%(name)s” is named like %(other)s but is %(kind)s. Check the file, or give it its right name.</source>
        <translation>اسم «%(name)s» اسم %(other)s لكنه %(kind)s. تحقق من الملف، أو أعطه اسمه الصحيح.</translation>
    </message>
    <message>
        <source>“%(name)s” is a folder. Attach the files in it, one by one.</source>
        <translation>«%(name)s» مجلد. أرفق الملفات التي فيه واحدًا واحدًا.</translation>
    </message>
    <message>
        <source>“%(name)s” is not a file that can be copied.</source>
        <translation>«%(name)s» ليس ملفًا يمكن نسخه.</translation>
    </message>
    <message>
        <source>“%(name)s” was changed while it was copied. Wait until it is written, then attach it again.</source>
        <translation>تغيّر «%(name)s» أثناء نسخه. انتظر حتى تكتمل كتابته، ثم أرفقه من جديد.</translation>
    </message>
    <message>
        <source>“%(name)s” is not there any more. Check where it is and attach it again.</source>
        <translation>لم يعد «%(name)s» هناك. تحقق من مكانه وأرفقه من جديد.</translation>
    </message>
    <message>
        <source>“%(name)s” may not be read by you. Ask its owner, or attach a copy.</source>
        <translation>لا يحق لك قراءة «%(name)s». اسأل صاحبه، أو أرفق نسخة.</translation>
    </message>
    <message>
        <source>“%(name)s” cannot be opened: %(error)s. Attach a copy from elsewhere.</source>
        <translation>لا يمكن فتح «%(name)s»: %(error)s. أرفق نسخة من مكان آخر.</translation>
    </message>
    <message>
        <source>“%(name)s” is empty. Attach a file with something in it.</source>
        <translation>«%(name)s» فارغ. أرفق ملفًا فيه شيء.</translation>
    </message>
    <message>
        <source>“%(name)s” cannot be read (%(why)s). Copy it elsewhere and attach that.</source>
        <translation>لا يمكن قراءة «%(name)s» (%(why)s). انسخه إلى مكان آخر وأرفق النسخة.</translation>
    </message>
    <message>
        <source>“%(name)s” could not be read to its end (%(why)s). Check where it is, attach it again.</source>
        <translation>تعذّرت قراءة «%(name)s» إلى آخره (%(why)s). تحقق من مكانه، وأرفقه من جديد.</translation>
    </message>
    <message>
        <source>The comment has %(count)s characters; %(most)s is the most. Shorten it, or send two.</source>
        <translation>في التعليق %(count)s حرفًا، والحد الأقصى %(most)s. اختصره، أو أرسل تعليقين.</translation>
    </message>
    <message>
        <source>Say which check-in the photos belong to, and attach at least one.</source>
        <translation>حدد تسجيل الحضور الذي تخصه الصور، وأرفق صورة واحدة على الأقل.</translation>
    </message>
    <message>
        <source>It is too late to add to this check-in. Write a report with the photo.</source>
        <translation>فات وقت الإضافة إلى تسجيل الحضور هذا. اكتب تقريرًا مع الصورة.</translation>
    </message>
    <message>
        <source>This correction is not on this computer. Look at the timesheet again.</source>
        <translation>هذا التصحيح ليس على هذا الحاسوب. راجع كشف الساعات من جديد.</translation>
    </message>
    <message>
        <source>Somebody has decided about it already. Ask for another correction.</source>
        <translation>تقرر بشأنه من قبل. اطلب تصحيحًا آخر.</translation>
    </message>
    <message>
        <source>And %(more)s more.</source>
        <translation>وغيرها: %(more)s.</translation>
    </message>
    <message>
        <source>The server is of a version that cannot give its part. Ask your organization for what it keeps about you.</source>
        <translation>إصدار الخادم لا يستطيع إعطاء جزئه. اطلب من مؤسستك ما تحفظه عنك.</translation>
    </message>
    <message>
        <source>The server did not give its part. Collect again later, or ask your organization.</source>
        <translation>لم يعطِ الخادم جزأه. اجمع من جديد لاحقًا، أو اسأل مؤسستك.</translation>
    </message>
    <message>
        <source>What the server gave as its part cannot be read, so it was left out. Collect again later.</source>
        <translation>لا يمكن قراءة الجزء الذي أعطاه الخادم، فتُرك. اجمع من جديد لاحقًا.</translation>
    </message>
    <message>
        <source>What Miratag keeps about you on this computer, and what your organization&apos;s server keeps, as far as it gave it.</source>
        <translation>ما يحفظه Miratag عنك على هذا الحاسوب، وما يحفظه خادم مؤسستك، بقدر ما أعطاه.</translation>
    </message>
    <message>
        <source>These are %(count)s photos; %(most)s are the most here. Write a report for the others.</source>
        <translation>عدد هذه الصور %(count)s، والحد الأقصى هنا %(most)s. اكتب تقريرًا للصور الأخرى.</translation>
    </message>
    <message>
        <source>Nothing was saved to %(where)s: %(why)s. Choose another folder and try again.</source>
        <translation>لم يُحفظ شيء في %(where)s: %(why)s. اختر مجلدًا آخر وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>%(name)s is signed out here. Sign in again to go on.</source>
        <translation>تم تسجيل خروج %(name)s هنا. سجّل الدخول من جديد للمتابعة.</translation>
    </message>
    <message>
        <source>A file is not attached any more. Attach it again.</source>
        <translation>لم يعد أحد الملفات مرفقًا. أرفقه من جديد.</translation>
    </message>
    <message>
        <source>Please erase everything that you keep about me.</source>
        <translation>أرجو حذف كل ما تحفظونه عني.</translation>
    </message>
    <message>
        <source>The server did not tell the latest; this is what was known here before.</source>
        <translation>لم يخبر الخادم بآخر المستجدات؛ هذا ما كان معروفًا هنا من قبل.</translation>
    </message>
    <message>
        <source>This version of the privacy policy is not known here. Open the list again.</source>
        <translation>هذه النسخة من سياسة الخصوصية غير معروفة هنا. افتح القائمة من جديد.</translation>
    </message>
    <message>
        <source>The server does not give this version of the privacy policy. Try again later.</source>
        <translation>لا يعطي الخادم هذه النسخة من سياسة الخصوصية. حاول مرة أخرى لاحقًا.</translation>
    </message>
    <message>
        <source>Something on this computer has not been received by your organization: work that waits, or drafts. Send it first, or delete it along with the rest.</source>
        <translation>على هذا الحاسوب ما لم تستلمه مؤسستك: عمل ينتظر، أو مسودات. أرسله أولًا، أو احذفه مع الباقي.</translation>
    </message>
    <message>
        <source>Miratag has no way to ask this computer where it is, so there is nothing to turn on. A check-in says the place that you choose.</source>
        <translation>لا يستطيع Miratag أن يسأل هذا الحاسوب عن مكانه، فلا شيء هنا لتشغيله. يذكر تسجيل الحضور المكان الذي تختاره.</translation>
    </message>
    <message>
        <source>This system does not tell Miratag when it was last used, so there is nothing to turn on.</source>
        <translation>لا يخبر هذا النظام Miratag بوقت آخر استخدام له، فلا شيء هنا لتشغيله.</translation>
    </message>
    <message>
        <source>As long as the check-in or report it belongs to is kept; your organization sets how long.</source>
        <translation>ما دام تسجيل الحضور أو التقرير الذي يتبعه محفوظًا؛ ومؤسستك تحدد المدة.</translation>
    </message>
    <message>
        <source>Say with a check-in where this computer was.</source>
        <translation>ذكر مكان هذا الحاسوب مع تسجيل الحضور.</translation>
    </message>
    <message>
        <source>Latitude, longitude, accuracy and their source, asked once at the press of a check-in, at no other time. Where nothing is told within three seconds, the check-in goes without.</source>
        <translation>خط العرض وخط الطول والدقة ومصدرها، تُسأل مرة واحدة عند الضغط لتسجيل الحضور، لا في أي وقت آخر. إذا لم يأتِ جواب خلال ثلاث ثوانٍ، يُرسل تسجيل الحضور بدونها.</translation>
    </message>
    <message>
        <source>Say with a check-in that this computer is in a network which your organization knows.</source>
        <translation>ذكر أن هذا الحاسوب في شبكة تعرفها مؤسستك مع تسجيل الحضور.</translation>
    </message>
    <message>
        <source>The name of the known network at the moment of a check-in; no other network is named.</source>
        <translation>اسم الشبكة المعروفة لحظة تسجيل الحضور؛ ولا تُذكر أي شبكة أخرى.</translation>
    </message>
    <message>
        <source>When you forgot to check out, propose to you when this computer was last used.</source>
        <translation>إذا نسيت تسجيل الانصراف، اقتراح وقت آخر استخدام لهذا الحاسوب عليك.</translation>
    </message>
    <message>
        <source>Only while you are checked in: when it was last used before it was locked, went to sleep or your time was over. It never leaves this computer; what you then confirm is a time like any other.</source>
        <translation>فقط وأنت حاضر: متى استُخدم آخر مرة قبل أن يُقفل أو يدخل السكون أو ينتهي وقتك. لا يغادر هذا الحاسوب أبدًا؛ وما تؤكده بعد ذلك وقت كأي وقت آخر.</translation>
    </message>
    <message>
        <source>On this computer until that time has its end, or until you switch this off.</source>
        <translation>على هذا الحاسوب إلى أن تُسجَّل نهاية ذلك الوقت، أو إلى أن توقف هذا.</translation>
    </message>
    <message>
        <source>Leave in photos what the camera wrote into them.</source>
        <translation>ترك ما كتبته الكاميرا في الصور.</translation>
    </message>
    <message>
        <source>Where and when a photo was taken, the device, and the name of the file.</source>
        <translation>أين ومتى التُقطت الصورة، والجهاز، واسم الملف.</translation>
    </message>
    <message>
        <source>Let your organization&apos;s server remember small choices in this app.</source>
        <translation>السماح لخادم مؤسستك بتذكر اختيارات صغيرة في هذا التطبيق.</translation>
    </message>
    <message>
        <source>The declared cookies that the list of cookies shows; none of them signs you in.</source>
        <translation>ملفات تعريف الارتباط المعلنة التي تعرضها قائمتها؛ ولا يسجّل أي منها دخولك.</translation>
    </message>
    <message>
        <source>On this computer until their date, or until you delete them.</source>
        <translation>على هذا الحاسوب إلى تاريخ انتهائها، أو إلى أن تحذفها.</translation>
    </message>
    <message>
        <source>Your organization passes log data on to others than those you allowed it for, or passes on more. Nothing of yours goes there: that is off until you allow it again.</source>
        <translation>تمرّر مؤسستك سجلات التطبيق إلى جهات غير التي سمحت بها، أو تمرّر المزيد. لا يذهب شيء منك إلى هناك: ذلك متوقف إلى أن تسمح به من جديد.</translation>
    </message>
    <message>
        <source>A file of this app was damaged. It is kept as %(name)s, and a new one was begun. What the organization has comes back from the server; show the kept file to whoever helps you.</source>
        <translation>تلف أحد ملفات هذا التطبيق. وهو محفوظ باسم %(name)s، وبدأ ملف جديد. ما لدى المؤسسة يعود من الخادم؛ أرِ الملف المحفوظ لمن يساعدك.</translation>
    </message>
    <message>
        <source>Only %(mib)s MiB are free on this disk. Free some space, so that photos fit.</source>
        <translation>المساحة الخالية على هذا القرص %(mib)s ميبيبايت فقط. أفرغ بعض المساحة لتتسع للصور.</translation>
    </message>
    <message>
        <source>Withdrawn by you. What was recorded stands as it was.</source>
        <translation>سحبته أنت. ما سُجّل يبقى كما كان.</translation>
    </message>
    <message>
        <source>Give a first and a last day as 2026-01-31, at most %(most)s days apart.</source>
        <translation>أدخل يومًا أول ويومًا أخيرًا على شكل ⁦2026-01-31⁩، وأقصى مدة بينهما بالأيام %(most)s.</translation>
    </message>
    <message>
        <source>There is no window here to show it in. The file is %(path)s.</source>
        <translation>لا توجد هنا نافذة لعرضه. الملف هو %(path)s.</translation>
    </message>
    <message>
        <source>“%(name)s” is not on this computer. Fetch it first.</source>
        <translation>«%(name)s» ليس على هذا الحاسوب. اجلبه أولًا.</translation>
    </message>
    <message>
        <source>%(held)s files of it are paused.</source>
        <translation>عدد ملفاته الموقوفة مؤقتًا: %(held)s.</translation>
    </message>
    <message>
        <source>%(host)s answers, but is no Miratag server. Check the address.</source>
        <translation>يرد %(host)s، لكنه ليس خادم Miratag. تحقق من العنوان.</translation>
    </message>
    <message>
        <source>%(host)s identifies itself with a key that this account does not know. Nothing is sent to it; what waits stays saved here. Ask your organization whether its server was set up anew.</source>
        <translation>يعرّف %(host)s نفسه بمفتاح لا يعرفه هذا الحساب. لا يُرسل إليه شيء؛ وما ينتظر يبقى محفوظًا هنا. اسأل مؤسستك هل أُعدّ خادمها من جديد.</translation>
    </message>
    <message>
        <source>%(typed)s is not the address of a server. It looks like https://reports.example.org.</source>
        <translation>%(typed)s ليس عنوان خادم. العنوان يشبه هذا: ⁦https://reports.example.org⁩.</translation>
    </message>
    <message>
        <source>The address must begin with https://, so that nobody can read along: %(typed)s.</source>
        <translation>يجب أن يبدأ العنوان بـ ⁦https://⁩ حتى لا يقرأ أحد ما يُرسل: %(typed)s.</translation>
    </message>
    <message>
        <source>%(host)s is in trouble (it answered %(status)s).</source>
        <translation>لدى %(host)s مشكلة (كان رده %(status)s).</translation>
    </message>
    <message>
        <source>%(host)s needs a newer version of this app. Update Miratag and sign in again.</source>
        <translation>يحتاج %(host)s إلى إصدار أحدث من هذا التطبيق. حدّث Miratag وسجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>%(server_url)s sends sign-ins to another address, which is not allowed. Nothing was sent. Check the address, or ask whoever runs the server to set its public address to this one.</source>
        <translation>يرسل %(server_url)s تسجيلات الدخول إلى عنوان آخر، وهذا غير مسموح. لم يُرسل شيء. تحقق من العنوان، أو اطلب ممن يشغّل الخادم أن يجعل عنوانه العام هذا العنوان.</translation>
    </message>
    <message>
        <source>%(sentence)s You can close this page.</source>
        <translation>%(sentence)s يمكنك إغلاق هذه الصفحة.</translation>
    </message>
    <message>
        <source>Another server now answers at %(server_url)s. Nothing is sent to it; what waits stays saved here. Ask your organization for the address of its server.</source>
        <translation>يرد الآن خادم آخر على %(server_url)s. لا يُرسل إليه شيء؛ وما ينتظر يبقى محفوظًا هنا. اسأل مؤسستك عن عنوان خادمها.</translation>
    </message>
    <message>
        <source>%(host)s did not say who signed in (it answered %(status)s). Sign in again.</source>
        <translation>لم يقل %(host)s من سجّل الدخول (كان رده %(status)s). سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s cannot be written: another program holds it. Close that program and try again.</source>
        <translation>لا يمكن كتابة %(name)s في %(folder)s: يمسكه برنامج آخر. أغلق ذلك البرنامج وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s cannot be written: the disk is full. Free some space and try again.</source>
        <translation>لا يمكن كتابة %(name)s في %(folder)s: القرص ممتلئ. أفرغ بعض المساحة وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s cannot be written: this computer does not let the app write there. Check the folder&apos;s permissions.</source>
        <translation>لا يمكن كتابة %(name)s في %(folder)s: لا يسمح هذا الحاسوب للتطبيق بالكتابة هناك. تحقق من أذونات المجلد.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s cannot be written: the disk failed or is full. Check the disk and try again.</source>
        <translation>لا يمكن كتابة %(name)s في %(folder)s: تعطل القرص أو امتلأ. تحقق من القرص وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s cannot be written: the file is damaged. Restart the app: it keeps the damaged file and begins a new one.</source>
        <translation>لا يمكن كتابة %(name)s في %(folder)s: الملف تالف. أعد تشغيل التطبيق: يحتفظ بالملف التالف ويبدأ ملفًا جديدًا.</translation>
    </message>
    <message>
        <source>A newer version of this app was used here and changed how work is kept (%(name)s). Nothing was touched. Install the newer version again.</source>
        <translation>استُخدم هنا إصدار أحدث من هذا التطبيق وغيّر طريقة حفظ العمل (%(name)s). لم يُمس شيء. ثبّت الإصدار الأحدث من جديد.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s is damaged and cannot be renamed: %(why)s.</source>
        <translation>الملف %(name)s في %(folder)s تالف ولا يمكن تغيير اسمه: %(why)s.</translation>
    </message>
    <message>
        <source>%(name)s in %(folder)s cannot be written: %(error)s. Try again.</source>
        <translation>لا يمكن كتابة %(name)s في %(folder)s: %(error)s. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The folder %(path)s cannot be used: %(why)s. Choose another.</source>
        <translation>لا يمكن استخدام المجلد %(path)s: %(why)s. اختر غيره.</translation>
    </message>
    <message>
        <source>Not all of %(folder)s could be deleted: %(why)s. Close what uses it and try again.</source>
        <translation>تعذّر حذف كل ما في %(folder)s: %(why)s. أغلق ما يستخدمه وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>It is signed with the key %(kid)s, which is not trusted.</source>
        <translation>وهو موقّع بالمفتاح %(kid)s، وهو غير موثوق.</translation>
    </message>
    <message>
        <source>The server&apos;s receipt does not hold. %(why)s Everything stays saved here. Tell your organization.</source>
        <translation>إيصال الخادم غير صحيح. %(why)s كل شيء يبقى محفوظًا هنا. أبلغ مؤسستك.</translation>
    </message>
    <message>
        <source>The server did not answer as it should (it answered %(status)s). What waits is saved here.</source>
        <translation>لم يرد الخادم كما ينبغي (كان رده %(status)s). ما ينتظر محفوظ هنا.</translation>
    </message>
    <message>
        <source>%(name)s is signed out. What waits is saved here.</source>
        <translation>تم تسجيل خروج %(name)s. ما ينتظر محفوظ هنا.</translation>
    </message>
    <message>
        <source>“%(name)s” is not in this app&apos;s folder any more, or was changed there. Take it off this report, and attach the file again.</source>
        <translation>لم يعد «%(name)s» في مجلد هذا التطبيق، أو غُيّر هناك. أزله من هذا التقرير، وأرفق الملف من جديد.</translation>
    </message>
    <message>
        <source>“%(name)s” arrived damaged at the server %(times)s times; its copy here is unharmed. Try another network, then press Retry.</source>
        <translation>وصل «%(name)s» تالفًا إلى الخادم، وعدد المرات %(times)s؛ نسخته هنا سليمة. جرّب شبكة أخرى، ثم اضغط «إعادة المحاولة».</translation>
    </message>
    <message>
        <source>“%(name)s” is not in this app&apos;s folder any more, or was changed there. What was recorded stands without it. Tell your manager if the photo matters.</source>
        <translation>لم يعد «%(name)s» في مجلد هذا التطبيق، أو غُيّر هناك. ما سُجّل يبقى قائمًا بدونه. أبلغ مديرك إذا كانت الصورة مهمة.</translation>
    </message>
    <message>
        <source>The server did not take “%(name)s” (it answered %(status)s). It is sent again.</source>
        <translation>لم يقبل الخادم «%(name)s» (كان رده %(status)s). سيُرسل من جديد.</translation>
    </message>
    <message>
        <source>The server does not take “%(name)s”.</source>
        <translation>لا يقبل الخادم «%(name)s».</translation>
    </message>
    <message>
        <source>With every request the version of Miratag and, unless you allowed a third party, the wish not to be tracked.</source>
        <translation>مع كل طلب إصدار Miratag، والرغبة في عدم التتبع إلا إذا سمحت بجهة أخرى.</translation>
    </message>
    <message>
        <source>The cookies of this account that the list of cookies shows, if there are any.</source>
        <translation>ملفات تعريف الارتباط لهذا الحساب التي تعرضها قائمتها، إن وُجدت.</translation>
    </message>
    <message>
        <source>Send your reports, comments and check-ins, and fetch what changed: checklists and versions written elsewhere, too. What you ask of your organization about your own data goes here as well.</source>
        <translation>إرسال تقاريرك وتعليقاتك وتسجيلات حضورك، وجلب ما تغيّر، ومنه قوائم التحقق والنسخ المكتوبة في مكان آخر. ومن هنا يمر أيضًا ما تطلبه من مؤسستك بشأن بياناتك.</translation>
    </message>
    <message>
        <source>The sign-in token, for settings and texts, and what you answered to a text; nothing, for the keys.</source>
        <translation>علامة تسجيل الدخول، للإعدادات والنصوص، وما أجبت به عن نص؛ ولا شيء للمفاتيح.</translation>
    </message>
    <message>
        <source>The events that Choices lists and a random number of this installation; neither your name nor your account. Once, to register that number, the sign-in token, which the server does not keep with it.</source>
        <translation>الأحداث التي تعرضها صفحة «الاختيارات» ورقم عشوائي لهذا التثبيت؛ لا اسمك ولا حسابك. ومرة واحدة، لتسجيل ذلك الرقم، علامة تسجيل الدخول، ولا يحفظها الخادم معه.</translation>
    </message>
    <message>
        <source>Ask for log data that was sent to be erased, until the server&apos;s signed answer is here.</source>
        <translation>طلب حذف سجلات التطبيق التي أُرسلت، إلى أن يصل رد الخادم الموقّع.</translation>
    </message>
    <message>
        <source>The random number of each installation that something was sent under and its secret; which kinds of log data, and until when. The sign-in token only where the server must first be told such a number again.</source>
        <translation>الرقم العشوائي لكل تثبيت أُرسل به شيء، وسرّه؛ وأي أنواع من سجلات التطبيق وحتى متى. وعلامة تسجيل الدخول فقط إذا لزم إخبار الخادم بذلك الرقم من جديد.</translation>
    </message>
    <message>
        <source>%(host)s cannot be reached.</source>
        <translation>لا يمكن الوصول إلى %(host)s.</translation>
    </message>
    <message>
        <source>The connection to %(host)s is not trusted: its certificate does not hold. Nothing was sent. Ask whoever runs the server, or check this computer&apos;s clock.</source>
        <translation>الاتصال بـ %(host)s غير موثوق: شهادته غير صحيحة. لم يُرسل شيء. اسأل من يشغّل الخادم، أو تحقق من ساعة هذا الحاسوب.</translation>
    </message>
    <message>
        <source>%(host)s took too long to answer.</source>
        <translation>تأخر %(host)s كثيرًا في الرد.</translation>
    </message>
    <message>
        <source>A request could not be listed, so it was not made.</source>
        <translation>تعذّر إدراج طلب في القائمة، فلم يُرسل.</translation>
    </message>
    <message>
        <source>%(host)s answered with over %(most)s bytes.</source>
        <translation>كان رد %(host)s أكبر من %(most)s بايت.</translation>
    </message>
    <message>
        <source>The device took that position to be right within %(metres)s m.</source>
        <translation>قدّر الجهاز دقة ذلك الموقع الجغرافي بنحو %(metres)s م.</translation>
    </message>
    <message>
        <source>That position came from %(source)s.</source>
        <translation>جاء ذلك الموقع الجغرافي من %(source)s.</translation>
    </message>
    <message>
        <source>Entered with number and PIN at the kiosk “%(name)s”.</source>
        <translation>أُدخل بالرقم والرمز السري على جهاز الحضور «%(name)s».</translation>
    </message>
    <message>
        <source>It waited %(span)s on the device before it came here.</source>
        <translation>انتظر %(span)s على الجهاز قبل أن يصل إلى هنا.</translation>
    </message>
    <message>
        <source>The device&apos;s clock was %(span)s ahead, which was taken off.</source>
        <translation>كانت ساعة الجهاز متقدمة %(span)s، وقد طُرح ذلك.</translation>
    </message>
    <message>
        <source>The device&apos;s clock was %(span)s behind, which was added.</source>
        <translation>كانت ساعة الجهاز متأخرة %(span)s، وقد أُضيف ذلك.</translation>
    </message>
    <message>
        <source>%(minutes)s min</source>
        <translation>%(minutes)s د</translation>
    </message>
    <message>
        <source>%(hours)s h %(minutes)s min</source>
        <translation>%(hours)s س %(minutes)s د</translation>
    </message>
    <message>
        <source>%(days)s d %(hours)s h</source>
        <translation>%(days)s ي %(hours)s س</translation>
    </message>
    <message>
        <source>the browser</source>
        <translation>المتصفح</translation>
    </message>
    <message>
        <source>the location service of this Linux system</source>
        <translation>خدمة الموقع في نظام Linux هذا</translation>
    </message>
    <message>
        <source>the location service of Windows</source>
        <translation>خدمة الموقع في Windows</translation>
    </message>
    <message>
        <source>the location service of macOS</source>
        <translation>خدمة الموقع في macOS</translation>
    </message>
    <message>
        <source>a JPEG picture</source>
        <translation>صورة JPEG</translation>
    </message>
    <message>
        <source>a PNG picture</source>
        <translation>صورة PNG</translation>
    </message>
    <message>
        <source>a WebP picture</source>
        <translation>صورة WebP</translation>
    </message>
    <message>
        <source>a GIF picture</source>
        <translation>صورة GIF</translation>
    </message>
    <message>
        <source>a HEIC picture</source>
        <translation>صورة HEIC</translation>
    </message>
    <message>
        <source>an AVIF picture</source>
        <translation>صورة AVIF</translation>
    </message>
    <message>
        <source>an MP4 video</source>
        <translation>فيديو MP4</translation>
    </message>
    <message>
        <source>a QuickTime video</source>
        <translation>فيديو QuickTime</translation>
    </message>
    <message>
        <source>a 3GP video</source>
        <translation>فيديو 3GP</translation>
    </message>
    <message>
        <source>a WebM video</source>
        <translation>فيديو WebM</translation>
    </message>
    <message>
        <source>an M4A recording</source>
        <translation>تسجيل صوتي M4A</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>مستند PDF</translation>
    </message>
    <message>
        <source>a ZIP archive</source>
        <translation>أرشيف ZIP</translation>
    </message>
    <message>
        <source>plain text</source>
        <translation>نص عادي</translation>
    </message>
    <message>
        <source>a file of an unknown kind</source>
        <translation>ملف من نوع غير معروف</translation>
    </message>
    <message>
        <source>%(label)s needs an answer.</source>
        <translation>«%(label)s»: الجواب مطلوب.</translation>
    </message>
    <message>
        <source>%(label)s failed: write what is wrong.</source>
        <translation>«%(label)s»: النتيجة «لم ينجح». اكتب ما المشكلة.</translation>
    </message>
    <message>
        <source>%(label)s has an answer of another kind than it asks for.</source>
        <translation>«%(label)s»: الجواب من نوع غير النوع المطلوب.</translation>
    </message>
    <message>
        <source>%(label)s is over %(limit)s characters. Shorten it.</source>
        <translation>«%(label)s»: عدد الأحرف أكثر من %(limit)s. اختصر النص.</translation>
    </message>
    <message>
        <source>%(label)s is under %(limit)s characters. Write more.</source>
        <translation>«%(label)s»: عدد الأحرف أقل من %(limit)s. اكتب المزيد.</translation>
    </message>
    <message>
        <source>%(label)s is below %(limit)s. Check the number.</source>
        <translation>«%(label)s»: القيمة أصغر من %(limit)s. تحقق من الرقم.</translation>
    </message>
    <message>
        <source>%(label)s is above %(limit)s. Check the number.</source>
        <translation>«%(label)s»: القيمة أكبر من %(limit)s. تحقق من الرقم.</translation>
    </message>
    <message>
        <source>%(label)s needs at least %(limit)s.</source>
        <translation>«%(label)s»: الحد الأدنى المطلوب %(limit)s.</translation>
    </message>
    <message>
        <source>%(label)s allows at most %(limit)s.</source>
        <translation>«%(label)s»: الحد الأقصى المسموح به %(limit)s.</translation>
    </message>
    <message>
        <source>%(label)s has an answer that is none of its choices. Choose again.</source>
        <translation>«%(label)s»: الجواب ليس من الخيارات. اختر من جديد.</translation>
    </message>
    <message>
        <source>%(label)s takes photos only. Take the other file off.</source>
        <translation>«%(label)s»: تُقبل الصور فقط. أزل الملف الآخر.</translation>
    </message>
    <message>
        <source>%(label)s takes videos only. Take the other file off.</source>
        <translation>«%(label)s»: تُقبل مقاطع الفيديو فقط. أزل الملف الآخر.</translation>
    </message>
    <message>
        <source>%(label)s names a file that does not come along. Add the file again.</source>
        <translation>«%(label)s»: الملف المذكور غير مرفق. أضف الملف من جديد.</translation>
    </message>
    <message>
        <source>A day can be closed once it is over everywhere: at the moment that is up to %(day)s. Choose an earlier last day.</source>
        <translation>يمكن إغلاق اليوم بعد أن ينتهي في كل مكان: الآن حتى %(day)s. اختر يومًا أخيرًا أسبق.</translation>
    </message>
    <message>
        <source>Your own attendance is for another manager to look at. Ask one of them.</source>
        <translation>حضورك أنت يراجعه مدير آخر. اسأل أحدهم.</translation>
    </message>
    <message>
        <source>The position cannot be on Earth. Send it again without the position.</source>
        <translation>لا يمكن أن يكون هذا الموقع الجغرافي على الأرض. أرسل مرة أخرى دون الموقع الجغرافي.</translation>
    </message>
    <message>
        <source>An earlier check-in was still open; that one needs an end.</source>
        <translation>كان هناك تسجيل حضور سابق ما زال مفتوحًا؛ يحتاج إلى تسجيل انصراف.</translation>
    </message>
    <message>
        <source>There was no open check-in that this belongs to.</source>
        <translation>لم يكن هناك تسجيل حضور مفتوح يتبعه هذا.</translation>
    </message>
    <message>
        <source>The check-in that this belongs to has not arrived here.</source>
        <translation>لم يصل إلى هنا تسجيل الحضور الذي يتبعه هذا.</translation>
    </message>
    <message>
        <source>The entry that this corrects has not arrived here.</source>
        <translation>لم يصل إلى هنا التسجيل الذي يصححه هذا.</translation>
    </message>
    <message>
        <source>Its time is before the check-in it belongs to.</source>
        <translation>وقته قبل تسجيل الحضور الذي يتبعه.</translation>
    </message>
    <message>
        <source>The same check-in already has an earlier end.</source>
        <translation>لتسجيل الحضور نفسه انصراف أسبق من قبل.</translation>
    </message>
    <message>
        <source>Its time was ahead of the server&apos;s clock when it arrived.</source>
        <translation>كان وقته متقدمًا على ساعة الخادم عند وصوله.</translation>
    </message>
    <message>
        <source>It is about a time more than 31 days before it arrived.</source>
        <translation>يتعلق بوقت يسبق وصوله بأكثر من 31 يومًا.</translation>
    </message>
    <message>
        <source>The location was no longer in use when this arrived.</source>
        <translation>لم يعد الموقع مستخدمًا عندما وصل هذا.</translation>
    </message>
    <message>
        <source>No location was chosen and no note says where it was.</source>
        <translation>لم يُختر موقع ولا توجد ملاحظة تقول أين كان.</translation>
    </message>
    <message>
        <source>The position is latitude 0, longitude 0, which devices give when they have none.</source>
        <translation>الموقع الجغرافي هو خط العرض 0 وخط الطول 0، وهو ما تعطيه الأجهزة حين لا يكون لديها موقع.</translation>
    </message>
    <message>
        <source>The position claims to be exact to the metre or better, which devices are not.</source>
        <translation>يدّعي الموقع الجغرافي دقة متر أو أفضل، وهذا ما لا تبلغه الأجهزة.</translation>
    </message>
    <message>
        <source>The end was given afterwards.</source>
        <translation>سُجّل الانصراف لاحقًا.</translation>
    </message>
    <message>
        <source>These bytes were changed on their way. They were dropped; send them again.</source>
        <translation>تغيرت هذه البايتات في الطريق، فحُذفت. أرسلها مرة أخرى.</translation>
    </message>
    <message>
        <source>This file is not here any more. Choose it again and send it anew.</source>
        <translation>لم يعد هذا الملف هنا. اختره مرة أخرى وأرسله من جديد.</translation>
    </message>
    <message>
        <source>“%(name)s” holds something that cannot be taken out here. Save it anew in another format and choose that, or tick Keep place and device: then it is kept as it is.</source>
        <translation>في «%(name)s» شيء لا يمكن إزالته هنا. احفظه بصيغة أخرى واختر ذلك، أو ضع علامة على «الاحتفاظ بالمكان والجهاز»: عندئذ يُحفظ كما هو.</translation>
    </message>
    <message>
        <source>“%(name)s” begins like %(kind)s but is damaged or cut off. Open it, save it anew and choose that, or tick Keep place and device: then it is kept as it is.</source>
        <translation>يبدأ «%(name)s» مثل %(kind)s لكنه تالف أو مقطوع. افتحه واحفظه من جديد واختر ذلك، أو ضع علامة على «الاحتفاظ بالمكان والجهاز»: عندئذ يُحفظ كما هو.</translation>
    </message>
    <message>
        <source>“%(name)s” is empty. Choose a file with something in it.</source>
        <translation>«%(name)s» فارغ. اختر ملفًا فيه شيء.</translation>
    </message>
    <message>
        <source>“%(name)s” is named like %(like)s but is %(kind)s. Check the file, or give it its right name.</source>
        <translation>اسم «%(name)s» كاسم %(like)s لكنه %(kind)s. تحقق من الملف، أو أعطه اسمه الصحيح.</translation>
    </message>
    <message>
        <source>“%(name)s” could not be made ready just now. Wait a minute, then press again.</source>
        <translation>تعذر تجهيز «%(name)s» الآن. انتظر دقيقة، ثم اضغط مرة أخرى.</translation>
    </message>
    <message>
        <source>These bytes do not follow the ones that are here. Ask how far the upload is and go on from there.</source>
        <translation>هذه البايتات لا تلي الموجود هنا. اسأل إلى أين وصل الإرسال وتابع من هناك.</translation>
    </message>
    <message>
        <source>This file belongs to somebody else. Attach the file anew and send it.</source>
        <translation>هذا الملف لشخص آخر. أرفق الملف من جديد وأرسله.</translation>
    </message>
    <message>
        <source>This file&apos;s id already stands for another file. Attach the file again and send it.</source>
        <translation>معرّف هذا الملف لملف آخر من قبل. أرفق الملف مرة أخرى وأرسله.</translation>
    </message>
    <message>
        <source>This upload is not known here. Send the file again from its start.</source>
        <translation>هذا الإرسال غير معروف هنا. أرسل الملف من بدايته مرة أخرى.</translation>
    </message>
    <message>
        <source>This upload waited too long for its next part. Send the file again from its start.</source>
        <translation>انتظر هذا الإرسال جزأه التالي طويلًا. أرسل الملف من بدايته مرة أخرى.</translation>
    </message>
    <message>
        <source>A part of this file was lost on the server. It was dropped; send the file again from its start.</source>
        <translation>فُقد جزء من هذا الملف على الخادم، فحُذف ما وصل منه. أرسل الملف من بدايته مرة أخرى.</translation>
    </message>
    <message>
        <source>The file that arrived is not the one that was announced. It was dropped; send it again.</source>
        <translation>الملف الذي وصل ليس الملف المعلن عنه، فحُذف. أرسله مرة أخرى.</translation>
    </message>
    <message>
        <source>This file has arrived in full and is kept with its report. It cannot be taken back this way.</source>
        <translation>وصل هذا الملف كاملًا وهو محفوظ مع تقريره. لا يمكن سحبه بهذه الطريقة.</translation>
    </message>
    <message>
        <source>The fingerprint is not SHA-256 in lower-case hex. Update the app and try again.</source>
        <translation>البصمة ليست SHA-256 بأحرف سداسية صغيرة. حدّث التطبيق وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The kind of the file cannot be read. Attach the file again.</source>
        <translation>لا يمكن قراءة نوع الملف. أرفق الملف من جديد.</translation>
    </message>
    <message>
        <source>Too many files are on their way at once. Wait until some have arrived, then send this one.</source>
        <translation>ملفات كثيرة في الطريق في وقت واحد. انتظر حتى يصل بعضها، ثم أرسل هذا الملف.</translation>
    </message>
    <message>
        <source>The file is empty. Send one with content.</source>
        <translation>الملف فارغ. أرسل ملفًا له محتوى.</translation>
    </message>
    <message>
        <source>Choose one of the answers; nothing was done.</source>
        <translation>اختر واحدًا من الردود؛ لم يُفعل شيء.</translation>
    </message>
    <message>
        <source>So many of your requests wait for an answer already. Wait for one, or talk to an admin.</source>
        <translation>كثير من طلباتك ينتظر الرد. انتظر أحدها، أو تحدث إلى مسؤول.</translation>
    </message>
    <message>
        <source>This request was answered meanwhile, and that answer is signed. Look at it again.</source>
        <translation>أُجيب عن هذا الطلب في هذه الأثناء، وذلك الرد موقّع. راجعه من جديد.</translation>
    </message>
    <message>
        <source>Say why; the person reads it with the answer.</source>
        <translation>قل السبب؛ يقرؤه الشخص مع الرد.</translation>
    </message>
    <message>
        <source>Say until which day it is kept, a day after today.</source>
        <translation>حدد اليوم الذي يُحفظ حتى حلوله، وليكن بعد اليوم.</translation>
    </message>
    <message>
        <source>Say what is to be erased, in your words.</source>
        <translation>قل ما الذي يُحذف، بكلماتك.</translation>
    </message>
    <message>
        <source>Only what is kept has a last day. Leave it out.</source>
        <translation>ما يُحفظ فقط له يوم أخير. اتركه فارغًا.</translation>
    </message>
    <message>
        <source>Ask again; this id is in use.</source>
        <translation>اطلب من جديد؛ هذا المعرّف مستخدم.</translation>
    </message>
    <message>
        <source>Names and numbers of the events that you allowed, under a random-looking id of its own. Not your name, your organization, your address, or the time.</source>
        <translation>أسماء وأعداد الأحداث التي سمحت بها، تحت معرّف خاص يبدو عشوائيًا. لا اسمك ولا مؤسستك ولا عنوانك ولا الوقت.</translation>
    </message>
    <message>
        <source>Counts of how the app is used, to compare them with other measures of the operator.</source>
        <translation>أعداد تبيّن كيف يُستخدم التطبيق، لمقارنتها بمقاييس أخرى لدى مشغّل الخدمة.</translation>
    </message>
    <message>
        <source>The report that this comment is about is not here. Send the report first, then the comment.</source>
        <translation>التقرير الذي يخصه هذا التعليق ليس هنا. أرسل التقرير أولًا، ثم التعليق.</translation>
    </message>
    <message>
        <source>This comment was already sent in other words. Write it again and send it.</source>
        <translation>أُرسل هذا التعليق من قبل بكلمات أخرى. اكتبه مرة أخرى وأرسله.</translation>
    </message>
    <message>
        <source>This item names two comments. Update the app and send again.</source>
        <translation>يسمّي هذا العنصر تعليقين. حدّث التطبيق وأرسل مرة أخرى.</translation>
    </message>
    <message>
        <source>The comment is empty. Write it, and send it again.</source>
        <translation>التعليق فارغ. اكتبه وأرسله مرة أخرى.</translation>
    </message>
    <message>
        <source>A file is attached twice. Remove one of them.</source>
        <translation>أُرفق ملف مرتين. أزل أحدهما.</translation>
    </message>
    <message>
        <source>The report has %(count)s files; %(most)s is the most. Split it into two reports.</source>
        <translation>في التقرير %(count)s ملفًا، والحد الأقصى %(most)s. قسّمه إلى تقريرين.</translation>
    </message>
    <message>
        <source>The file name %(name)s looks like a folder. Rename the file and attach it again.</source>
        <translation>اسم الملف %(name)s يشبه مجلدًا. غيّر اسم الملف وأرفقه من جديد.</translation>
    </message>
    <message>
        <source>The file %(name)s is empty. Remove it, or attach one with content.</source>
        <translation>الملف %(name)s فارغ. أزله، أو أرفق ملفًا فيه محتوى.</translation>
    </message>
    <message>
        <source>The file %(name)s has %(size)s bytes; %(most)s is the most. Attach a smaller one.</source>
        <translation>حجم الملف %(name)s بالبايت %(size)s، والحد الأقصى %(most)s. أرفق ملفًا أصغر.</translation>
    </message>
    <message>
        <source>The fingerprint of %(name)s cannot be read. Attach the file again.</source>
        <translation>لا يمكن قراءة بصمة %(name)s. أرفق الملف من جديد.</translation>
    </message>
    <message>
        <source>The kind of %(name)s cannot be read. Attach the file again.</source>
        <translation>لا يمكن قراءة نوع %(name)s. أرفق الملف من جديد.</translation>
    </message>
    <message>
        <source>Places are marked for correction. Return the report with them, or take the marks away and decide again.</source>
        <translation>وُضعت علامات على مواضع للتصحيح. أعد التقرير معها، أو أزل العلامات وقرر من جديد.</translation>
    </message>
    <message>
        <source>One of the marked places is not in this version of the report. Load the page again and mark anew.</source>
        <translation>أحد المواضع المعلّمة ليس في هذه النسخة من التقرير. حمّل الصفحة من جديد وضع العلامات مرة أخرى.</translation>
    </message>
    <message>
        <source>%(marks)d places are marked; %(most)d is the most. Say the rest in the words.</source>
        <translation>عدد المواضع المعلّمة %(marks)d، والحد الأقصى %(most)d. قل الباقي في الكلمات.</translation>
    </message>
    <message>
        <source>A newer version of this report has come.</source>
        <translation>وصلت نسخة أحدث من هذا التقرير.</translation>
    </message>
    <message>
        <source>Your own reports are for another manager to decide. Ask one of them.</source>
        <translation>تقاريرك يقرر بشأنها مدير آخر. اسأل أحدهم.</translation>
    </message>
    <message>
        <source>Approve, return or reject: press one of them.</source>
        <translation>اعتماد أو إعادة للتصحيح أو رفض: اضغط على واحد منها.</translation>
    </message>
    <message>
        <source>Say what is to be corrected, so that the report can be sent again.</source>
        <translation>قل ما الذي يُصحَّح، حتى يمكن إرسال التقرير مرة أخرى.</translation>
    </message>
    <message>
        <source>A correction needs a reason. Write why, and send it again.</source>
        <translation>يحتاج التصحيح إلى سبب. اكتب السبب، وأرسله مرة أخرى.</translation>
    </message>
    <message>
        <source>What this correction asks for does not fit together. Enter it once more.</source>
        <translation>ما يطلبه هذا التصحيح متعارض. أدخله مرة أخرى.</translation>
    </message>
    <message>
        <source>The time that should stand cannot be read. Enter it once more.</source>
        <translation>لا يمكن قراءة الوقت الصحيح المطلوب. أدخله مرة أخرى.</translation>
    </message>
    <message>
        <source>You can close days only of a group that is in your care, or of everybody if all are. Choose a group, or ask an admin.</source>
        <translation>لا تستطيع إغلاق أيام إلا لمجموعة تحت إشرافك، أو للجميع إذا كانوا كلهم تحت إشرافك. اختر مجموعة، أو اسأل أحد المسؤولين.</translation>
    </message>
    <message>
        <source>The first day must not be after the last, and at most a year can be closed at once.</source>
        <translation>يجب ألا يكون اليوم الأول بعد الأخير، ويمكن إغلاق سنة على الأكثر دفعة واحدة.</translation>
    </message>
    <message>
        <source>Write why, in a few words: whoever asked reads them.</source>
        <translation>اكتب السبب في كلمات قليلة: يقرؤها من طلب ذلك.</translation>
    </message>
    <message>
        <source>This session has an end, or is none any more. Load the page again and look.</source>
        <translation>لفترة الحضور هذه انصراف، أو لم تعد فترة حضور. حمّل الصفحة من جديد وانظر.</translation>
    </message>
    <message>
        <source>The end must be after the check-in and not in the future. Correct the time.</source>
        <translation>يجب أن يكون الانصراف بعد تسجيل الحضور وألا يكون في المستقبل. صحّح الوقت.</translation>
    </message>
    <message>
        <source>The entry that this is about has not arrived here. Wait for it, or refuse.</source>
        <translation>لم يصل إلى هنا التسجيل الذي يخصه هذا. انتظره، أو ارفض.</translation>
    </message>
    <message>
        <source>Your own attendance is for another manager to decide about. Ask one of them.</source>
        <translation>حضورك أنت يقرر فيه مدير آخر. اسأل أحدهم.</translation>
    </message>
    <message>
        <source>Somebody has decided about this meanwhile. Load the page again to see what.</source>
        <translation>قرر شخص ما في هذا في هذه الأثناء. حمّل الصفحة من جديد لترى القرار.</translation>
    </message>
    <message>
        <source>Write a reason: everybody who looks reads it.</source>
        <translation>اكتب سببًا: يقرؤه كل من ينظر.</translation>
    </message>
    <message>
        <source>The organization asks for a note with a check-in; this one came without.</source>
        <translation>تطلب المؤسسة ملاحظة مع تسجيل الحضور؛ وهذا جاء بدونها.</translation>
    </message>
    <message>
        <source>The organization asks for a photo with a check-in; this one came without.</source>
        <translation>تطلب المؤسسة صورة مع تسجيل الحضور؛ وهذا جاء بدونها.</translation>
    </message>
    <message>
        <source>The position that the device gave lies outside the location.</source>
        <translation>الموقع الجغرافي الذي أعطاه الجهاز يقع خارج الموقع.</translation>
    </message>
    <message>
        <source>The position that the device gave cannot tell whether it was inside the location.</source>
        <translation>لا يتبيّن من الموقع الجغرافي الذي أعطاه الجهاز هل كان داخل الموقع.</translation>
    </message>
    <message>
        <source>The device was in no network that the location is known by.</source>
        <translation>لم يكن الجهاز في أي شبكة يُعرف بها الموقع.</translation>
    </message>
    <message>
        <source>A location code was entered; it has not been checked yet.</source>
        <translation>أُدخل رمز موقع؛ ولم يُتحقق منه بعد.</translation>
    </message>
    <message>
        <source>The location code was not one of this location.</source>
        <translation>لم يكن رمز الموقع من رموز هذا الموقع.</translation>
    </message>
    <message>
        <source>The location code was one of this location, but of another time.</source>
        <translation>كان رمز الموقع من رموز هذا الموقع، لكن لوقت آخر.</translation>
    </message>
    <message>
        <source>The same person had used this location code before; each counts once.</source>
        <translation>استخدم الشخص نفسه رمز الموقع هذا من قبل؛ وكل رمز يُحسب مرة واحدة.</translation>
    </message>
    <message>
        <source>The same location code came from two networks that are far apart.</source>
        <translation>جاء رمز الموقع نفسه من شبكتين متباعدتين.</translation>
    </message>
    <message>
        <source>The location code was not checked, as five wrong ones had come within ten minutes.</source>
        <translation>لم يُتحقق من رمز الموقع، إذ جاءت خمسة رموز خاطئة خلال عشر دقائق.</translation>
    </message>
    <message>
        <source>A location code was entered, but the location had none then.</source>
        <translation>أُدخل رمز موقع، لكن لم يكن للموقع رمز حينئذ.</translation>
    </message>
    <message>
        <source>Title, text, answers, comments, place, notes and reasons, file names, sizes and checksums, times with time zone, a number that names this start of the computer, the sign-in token.</source>
        <translation>العنوان والنص والأجوبة والتعليقات والمكان والملاحظات والأسباب وأسماء الملفات وأحجامها ومجاميعها الاختبارية، والأوقات مع المنطقة الزمنية، ورقم يسمّي هذا التشغيل للحاسوب، وعلامة تسجيل الدخول.</translation>
    </message>
    <message>
        <source>With a check-in the code that you typed and, where you switched that on in Choices, the position and which known network this computer is in.</source>
        <translation>مع تسجيل الحضور الرمز الذي كتبته، وكذلك، إن شغّلت ذلك في «الاختيارات»، الموقع الجغرافي والشبكة المعروفة التي فيها هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Fetch your organization&apos;s settings, the server&apos;s public keys, whom it passes log data on to, and the texts of the privacy policy.</source>
        <translation>جلب إعدادات مؤسستك، ومفاتيح الخادم العامة، ومن يمرّر إليه سجلات التطبيق، ونصوص سياسة الخصوصية.</translation>
    </message>
    <message>
        <source>Send the events that you allowed to be passed on to a third party, through your organization&apos;s server; and once that is no longer allowed, tell the server to pass on nothing that it still has.</source>
        <translation>إرسال الأحداث التي سمحت بتمريرها إلى جهة أخرى، عبر خادم مؤسستك؛ وعندما لا يعود ذلك مسموحًا، إبلاغ الخادم بألا يمرّر شيئًا مما لا يزال عنده.</translation>
    </message>
    <message>
        <source>A manager entered this for the person it is about.</source>
        <translation>أدخل هذا مدير عن الشخص الذي يخصه.</translation>
    </message>
    <message>
        <source>It was corrected later than the rules allow without asking.</source>
        <translation>صُحّح بعد المدة التي تسمح القواعد فيها بالتصحيح دون طلب.</translation>
    </message>
    <message>
        <source>It came into a day that was closed already; it counts once a manager lets it in.</source>
        <translation>وصل إلى يوم كان قد أُغلق؛ يُحسب عندما يقبله مدير.</translation>
    </message>
    <message>
        <source>It came into a day that was closed already; a manager let it in.</source>
        <translation>وصل إلى يوم كان قد أُغلق؛ قبله مدير.</translation>
    </message>
    <message>
        <source>It came into a day that was closed already; a manager left it out, so it does not count.</source>
        <translation>وصل إلى يوم كان قد أُغلق؛ استبعده مدير، فلا يُحسب.</translation>
    </message>
    <message>
        <source>It was undone after its day was closed; the undo counts once a manager lets it in.</source>
        <translation>تم التراجع عنه بعد إغلاق يومه؛ ويُحسب التراجع عندما يقبله مدير.</translation>
    </message>
    <message>
        <source>Other files are being made ready. Wait until they are, then go on with this one.</source>
        <translation>يجري تجهيز ملفات أخرى. انتظر حتى تجهز، ثم تابع مع هذا الملف.</translation>
    </message>
    <message>
        <source>Too many of your files are here that no report has yet. Send the reports that they are for, or take files off, then send this one.</source>
        <translation>هنا ملفات كثيرة لك ليست في تقرير بعد. أرسل التقارير التي تخصها، أو أزل بعض الملفات، ثم أرسل هذا.</translation>
    </message>
    <message>
        <source>Say why the report is rejected; its author reads it.</source>
        <translation>قل لماذا رُفض التقرير؛ كاتبه يقرأ ذلك.</translation>
    </message>
    <message>
        <source>A newer version of this report has come, with another text.</source>
        <translation>وصلت نسخة أحدث من هذا التقرير، بنص مختلف.</translation>
    </message>
    <message>
        <source>This report stands in two versions, written in two places; its author decides which one counts.</source>
        <translation>لهذا التقرير نسختان، كُتبتا في مكانين؛ كاتبه يقرر أيهما تُعتمد.</translation>
    </message>
    <message>
        <source>%(name)s has returned this report meanwhile%(quoted)s.</source>
        <translation>في هذه الأثناء أعاد %(name)s هذا التقرير للتصحيح%(quoted)s.</translation>
    </message>
    <message>
        <source>%(name)s has approved this report meanwhile%(quoted)s.</source>
        <translation>في هذه الأثناء اعتمد %(name)s هذا التقرير%(quoted)s.</translation>
    </message>
    <message>
        <source>%(name)s has rejected this report meanwhile%(quoted)s.</source>
        <translation>في هذه الأثناء رفض %(name)s هذا التقرير%(quoted)s.</translation>
    </message>
    <message>
        <source>%(what)s Nothing was decided. Read it as it stands now, then decide.</source>
        <translation>%(what)s لم يُتخذ أي قرار. اقرأ التقرير كما هو الآن، ثم قرر.</translation>
    </message>
    <message>
        <source>A newer version of this report has come, now called “%(title)s”.</source>
        <translation>وصلت نسخة أحدث من هذا التقرير، وعنوانها الآن «%(title)s».</translation>
    </message>
    <message>
        <source>This version of the report was already sent in other words. Save the report again and send it.</source>
        <translation>أُرسلت هذه النسخة من التقرير من قبل بكلمات أخرى. احفظ التقرير مرة أخرى وأرسله.</translation>
    </message>
    <message>
        <source>The history of this report cannot be read. Update the app and send again.</source>
        <translation>لا يمكن قراءة تاريخ هذا التقرير. حدّث التطبيق وأرسل مرة أخرى.</translation>
    </message>
    <message>
        <source>There is nothing in this report yet. Write what happened, or add a photo, and send it again.</source>
        <translation>لا شيء في هذا التقرير بعد. اكتب ما حدث، أو أضف صورة، وأرسله مرة أخرى.</translation>
    </message>
    <message>
        <source>This report belongs to somebody else. Write a new report instead.</source>
        <translation>هذا التقرير لشخص آخر. اكتب تقريرًا جديدًا بدلًا منه.</translation>
    </message>
    <message>
        <source>This version continues another report. Save the report again and send it.</source>
        <translation>هذه النسخة تكمل تقريرًا آخر. احفظ التقرير مرة أخرى وأرسله.</translation>
    </message>
    <message>
        <source>This item names two reports. Update the app and send again.</source>
        <translation>يسمّي هذا العنصر تقريرين. حدّث التطبيق وأرسل مرة أخرى.</translation>
    </message>
    <message>
        <source>This form was sent before in other words, and those are here. What stands in it now was not sent: press Send again to add it as the next version of that report.</source>
        <translation>أُرسل هذا النموذج من قبل بكلمات أخرى، وهي هنا. ما فيه الآن لم يُرسل: اضغط «إرسال» مرة أخرى لإضافته نسخةً تالية من ذلك التقرير.</translation>
    </message>
    <message>
        <source>The time your organization gives for changing a report is over, so this was not sent. Copy the words into a comment, or ask for the report to be returned to you.</source>
        <translation>انتهت المدة التي تعطيها مؤسستك لتغيير التقرير، فلم يُرسل هذا. انسخ الكلمات إلى تعليق، أو اطلب أن يُعاد التقرير إليك للتصحيح.</translation>
    </message>
    <message>
        <source>Another item was already sent under this number. Save this one again and send it.</source>
        <translation>أُرسل عنصر آخر بهذا الرقم من قبل. احفظ هذا العنصر مرة أخرى وأرسله.</translation>
    </message>
    <message>
        <source>The server could not keep this item as it is. Enter it once more; if that is refused too, tell whoever runs the server.</source>
        <translation>لم يستطع الخادم حفظ هذا العنصر كما هو. أدخله مرة أخرى؛ وإذا رُفض أيضًا، فأخبر من يدير الخادم.</translation>
    </message>
    <message>
        <source>See which ways of working are used, to decide what to improve first.</source>
        <translation>معرفة طرق العمل المستخدمة، لتقرير ما يُحسَّن أولًا.</translation>
    </message>
    <message>
        <source>See how large reports are, to size uploads and limits.</source>
        <translation>معرفة حجم التقارير، لضبط الإرسال والحدود.</translation>
    </message>
    <message>
        <source>See which attendance steps are used, to keep the common ones at hand.</source>
        <translation>معرفة خطوات الحضور المستخدمة، لإبقاء الشائع منها في المتناول.</translation>
    </message>
    <message>
        <source>See how often work arrives at the first try, and how long it takes.</source>
        <translation>معرفة كم مرة يصل العمل من المحاولة الأولى، وكم يستغرق.</translation>
    </message>
    <message>
        <source>Find and fix faults of the program.</source>
        <translation>العثور على أعطال البرنامج وإصلاحها.</translation>
    </message>
    <message>
        <source>Notice when files on disk turn out damaged, to find the cause.</source>
        <translation>ملاحظة متى تكون ملفات القرص تالفة، لمعرفة السبب.</translation>
    </message>
    <message>
        <source>See where the password store of the system cannot be used, to support those systems better.</source>
        <translation>معرفة أين لا يمكن استخدام مخزن كلمات المرور في النظام، لدعم تلك الأنظمة أفضل.</translation>
    </message>
    <message>
        <source>Count in an outside analytics service how often the program is used, and on which surface.</source>
        <translation>العدّ في خدمة تحليلات خارجية: كم مرة يُستخدم البرنامج، وعلى أي واجهة.</translation>
    </message>
    <message>
        <source>Count in an outside analytics service how many reports are sent with the program.</source>
        <translation>العدّ في خدمة تحليلات خارجية: كم تقريرًا يُرسل بالبرنامج.</translation>
    </message>
    <message>
        <source>See which public pages are read, and whether they have to work without scripts.</source>
        <translation>معرفة أي الصفحات العامة تُقرأ، وهل عليها أن تعمل بلا برامج نصية.</translation>
    </message>
    <message>
        <source>See whether the public pages come fast enough on slow lines.</source>
        <translation>معرفة هل تصل الصفحات العامة بسرعة كافية على الخطوط البطيئة.</translation>
    </message>
    <message>
        <source>No event is declared in this category.</source>
        <translation>لا حدث معلنًا في هذا النوع.</translation>
    </message>
    <message>
        <source>Faults of the program, so that they are found and fixed.</source>
        <translation>أعطال البرنامج، حتى تُكتشف وتُصلح.</translation>
    </message>
    <message>
        <source>Which parts of the program are used and how long things take, never what was written.</source>
        <translation>أي أجزاء البرنامج تُستخدم وكم تستغرق الأمور، ولا شيء أبدًا مما كُتب.</translation>
    </message>
    <message>
        <source>Counts for an outside analytics service, relayed by your organization&apos;s server.</source>
        <translation>أعداد لخدمة تحليل خارجية، تُمرَّر عبر خادم مؤسستك.</translation>
    </message>
    <message>
        <source>Off because DO_NOT_TRACK is set on this computer. Unset it and start Miratag again to choose here.</source>
        <translation>متوقف لأن DO_NOT_TRACK مضبوط على هذا الحاسوب. أزل ضبطه وابدأ Miratag من جديد لتختار هنا.</translation>
    </message>
    <message>
        <source>Off because Global Privacy Control is on. Turn that off first to choose here.</source>
        <translation>متوقف لأن Global Privacy Control مشغّل. أوقفه أولًا لتختار هنا.</translation>
    </message>
    <message>
        <source>Your organization has turned this off for everyone. Ask your organization if you want it on.</source>
        <translation>أوقفت مؤسستك هذا للجميع. اسأل مؤسستك إذا أردت تشغيله.</translation>
    </message>
    <message>
        <source>Whom your organization passes this on to is not known here yet. The next connection to it tells.</source>
        <translation>لا يُعرف هنا بعد إلى من تمرّر مؤسستك هذا. الاتصال التالي بها يبيّنه.</translation>
    </message>
    <message>
        <source>Your organization passes nothing on to any third party, so there is nothing to allow.</source>
        <translation>لا تمرّر مؤسستك شيئًا إلى أي جهة أخرى، فلا شيء يحتاج إلى السماح.</translation>
    </message>
    <message>
        <source>The choice is kept and nothing more is sent, but another program holds the log data file open, so that deleted records may still be in it. Close that program and choose again.</source>
        <translation>حُفظ الاختيار ولا يُرسل شيء بعد الآن، لكن برنامجًا آخر يُبقي ملف سجلات التطبيق مفتوحًا، فقد تبقى فيه سجلات محذوفة. أغلق ذلك البرنامج واختر من جديد.</translation>
    </message>
    <message>
        <source>Log data cannot be kept because %(name)s in %(folder)s cannot be used: %(error)s. Nothing of it is sent meanwhile; your work is not affected. Make room for the file or free it, and try again.</source>
        <translation>لا يمكن حفظ سجلات التطبيق لأن %(name)s في %(folder)s لا يمكن استخدامه: %(error)s. لا يُرسل منها شيء في هذه الأثناء؛ وعملك لا يتأثر. أفسح للملف مكانًا أو حرّره، وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Log data is off because a newer version of Miratag wrote %(name)s in %(folder)s. The file was not touched; your work is not affected. Install the newer version again.</source>
        <translation>سجلات التطبيق متوقفة لأن إصدارًا أحدث من Miratag كتب %(name)s في %(folder)s. لم يُمس الملف؛ وعملك لا يتأثر. ثبّت الإصدار الأحدث من جديد.</translation>
    </message>
    <message>
        <source>There is no log data to change, because nothing was ever allowed.</source>
        <translation>لا توجد سجلات تطبيق لتغييرها، لأنه لم يُسمح بشيء قط.</translation>
    </message>
    <message>
        <source>Log records could not be made to survive loss of power.</source>
        <translation>تعذّر جعل السجلات تصمد أمام انقطاع الكهرباء.</translation>
    </message>
    <message>
        <source>Miratag is closing. Try again when it runs.</source>
        <translation>Miratag يُغلق. حاول مرة أخرى عندما يعمل.</translation>
    </message>
    <message>
        <source>Log records could not be appended.</source>
        <translation>تعذرت إضافة سجلات التطبيق.</translation>
    </message>
</context>
<context>
    <name>AnswerField</name>
    <message>
        <source>{question}, required</source>
        <translation>{question}، مطلوب</translation>
    </message>
</context>
<context>
    <name>Answers</name>
    <message>
        <source>{label} {number}</source>
        <translation>{label} {number}</translation>
    </message>
    <message>
        <source>a file</source>
        <translation>ملف</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>لا جواب</translation>
    </message>
</context>
<context>
    <name>AskBlock</name>
    <message>
        <source>Withdraw</source>
        <translation>سحب الطلب</translation>
    </message>
    <message>
        <source>{name}: {words}</source>
        <translation>{name}: {words}</translation>
    </message>
    <message>
        <source>Withdraw: {correction}</source>
        <translation>سحب الطلب: {correction}</translation>
    </message>
</context>
<context>
    <name>AskErasureCard</name>
    <message>
        <source>Your organization has your request.</source>
        <translation>طلبك لدى مؤسستك.</translation>
    </message>
    <message>
        <source>Saved here. It goes to your organization as soon as the server can be reached.</source>
        <translation>محفوظ هنا. يُرسل إلى مؤسستك حالما يمكن الوصول إلى الخادم.</translation>
    </message>
</context>
<context>
    <name>Attachments</name>
    <message>
        <source>Add photos</source>
        <translation>إضافة صور</translation>
    </message>
    <message>
        <source>Photos and videos (*.jpg *.jpeg *.png *.webp *.gif *.heic *.heif *.avif *.mp4 *.mov *.webm)</source>
        <translation>صور ومقاطع فيديو (*.jpg *.jpeg *.png *.webp *.gif *.heic *.heif *.avif *.mp4 *.mov *.webm)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>كل الملفات (*)</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>صورة ملصقة</translation>
    </message>
    <message>
        <source>This picture could not be read. Save it as a file and add that.</source>
        <translation>تعذرت قراءة هذه الصورة. احفظها في ملف ثم أضف الملف.</translation>
    </message>
    <message>
        <source>There is no room for more photos here. Write a report for the others.</source>
        <translation>لا مكان لصور أخرى هنا. اكتب تقريرًا للصور الباقية.</translation>
    </message>
</context>
<context>
    <name>Attendance</name>
    <message>
        <source>Undone.</source>
        <translation>تم التراجع.</translation>
    </message>
    <message>
        <source>Undone: what was saved at {time} no longer counts.</source>
        <translation>تم التراجع: ما حُفظ ({time}) لم يعد محسوبًا.</translation>
    </message>
    <message>
        <source>No position is taken.</source>
        <translation>لا يُؤخذ أي موقع جغرافي.</translation>
    </message>
    <message>
        <source>Recorded as chosen by hand, with this computer&apos;s time.</source>
        <translation>يُسجَّل على أنه اختير يدويًا، بوقت هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Recorded as chosen by hand, without code, with this computer&apos;s time.</source>
        <translation>يُسجَّل على أنه اختير يدويًا، دون رمز، بوقت هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Recorded with the code entered, not yet checked, and this computer&apos;s time.</source>
        <translation>يُسجَّل مع الرمز الذي أُدخل، ولم يُتحقق منه بعد، وبوقت هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The code here has {digits} digits. What you entered is recorded as it is, and will not fit.</source>
        <translation>الرمز هنا من {digits} أرقام. ما أدخلته يُسجَّل كما هو، ولن يطابق.</translation>
    </message>
    <message>
        <source>If this place is known by its networks, it says too which of them this computer is in.</source>
        <translation>إذا كان هذا المكان يُعرف بشبكاته، فيُذكر أيضًا في أي منها هذا الحاسوب.</translation>
    </message>
    <message>
        <source>It says too that this computer is in a network that this place is known by.</source>
        <translation>ويُذكر أيضًا أن هذا الحاسوب في شبكة يُعرف بها هذا المكان.</translation>
    </message>
    <message>
        <source>If this place is known by its networks, it says too that this computer is in none of them.</source>
        <translation>إذا كان هذا المكان يُعرف بشبكاته، فيُذكر أيضًا أن هذا الحاسوب ليس في أي منها.</translation>
    </message>
    <message>
        <source>This computer is asked where it is, once; if it does not say within three seconds, that is left out.</source>
        <translation>يُسأل هذا الحاسوب عن مكانه مرة واحدة؛ وإذا لم يُجب خلال ثلاث ثوانٍ، يُترك ذلك.</translation>
    </message>
    <message>
        <source>Your organization asks for a note; without one, it is marked as missing.</source>
        <translation>تطلب مؤسستك ملاحظة؛ وبدونها توضع عليه علامة بأنها ناقصة.</translation>
    </message>
    <message>
        <source>Your photo goes with it.</source>
        <translation>تُرسل صورتك معه.</translation>
    </message>
    <message>
        <source>Your photos go with it.</source>
        <translation>تُرسل صورك معه.</translation>
    </message>
    <message>
        <source>Your organization asks for a photo; without one, it is marked as missing.</source>
        <translation>تطلب مؤسستك صورة؛ وبدونها يُذكر أنها ناقصة.</translation>
    </message>
    <message>
        <source>{time} · end of {shift}</source>
        <translation>{time} · نهاية {shift}</translation>
    </message>
    <message>
        <source>{time} · end of your shift</source>
        <translation>{time} · نهاية مناوبتك</translation>
    </message>
    <message>
        <source>{time} · your last report</source>
        <translation>{time} · آخر تقرير لك</translation>
    </message>
    <message>
        <source>{time} · last used this computer</source>
        <translation>{time} · آخر استخدام لهذا الحاسوب</translation>
    </message>
    <message>
        <source>yesterday {time}</source>
        <translation>أمس {time}</translation>
    </message>
    <message>
        <source>{time} – its end is missing</source>
        <translation>{time} – بلا انصراف</translation>
    </message>
    <message>
        <source>{time} – still open</source>
        <translation>{time} – ما زال مفتوحًا</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>سُحب الطلب</translation>
    </message>
    <message>
        <source>break {time}</source>
        <translation>استراحة {time}</translation>
    </message>
    <message>
        <source>{time} so far</source>
        <translation>{time} حتى الآن</translation>
    </message>
    <message>
        <source>Undone: it does not count.</source>
        <translation>تم التراجع عنه: لا يُحسب.</translation>
    </message>
    <message>
        <source>Somebody of your organization may look at this.</source>
        <translation>قد يراجع هذا أحد من مؤسستك.</translation>
    </message>
    <message>
        <source>Completed later.</source>
        <translation>أُكمل لاحقًا.</translation>
    </message>
    <message>
        <source>Corrected: another entry stands instead.</source>
        <translation>صُحّح: ويسري تسجيل آخر بدلًا منه.</translation>
    </message>
    <message>
        <source>Written by {name}.</source>
        <translation>كتبه {name}.</translation>
    </message>
    <message>
        <source>Its day is locked: it is kept, and your organization decides about it.</source>
        <translation>يومه مغلق: يُحفظ، وتقرر مؤسستك بشأنه.</translation>
    </message>
    <message>
        <source>Its day was locked: your organization does not count it.</source>
        <translation>كان يومه مغلقًا: لا تحسبه مؤسستك.</translation>
    </message>
    <message>
        <source>It came into a locked day; your organization counts it.</source>
        <translation>وصل إلى يوم مغلق؛ ومؤسستك تحسبه.</translation>
    </message>
    <message>
        <source>You asked for a correction; it is not decided yet.</source>
        <translation>طلبت تصحيحًا؛ ولم يتقرر بعد.</translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation>السبب: {reason}</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>تغيير</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>إضافة</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>{before} to {after}</source>
        <translation>{before} إلى {after}</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>في انتظار القرار</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>معتمد</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>مرفوض</translation>
    </message>
</context>
<context>
    <name>BannerCard</name>
    <message>
        <source>It switches nothing on, and your work goes on as before.</source>
        <translation>لا تشغّل شيئًا، ويستمر عملك كما كان.</translation>
    </message>
    <message>
        <source>Si&amp;gn in</source>
        <translation>&amp;تسجيل الدخول</translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>&amp;إعادة المحاولة</translation>
    </message>
    <message>
        <source>Rea&amp;d what changed</source>
        <translation>&amp;قراءة ما تغيّر</translation>
    </message>
    <message>
        <source>See the &amp;choice</source>
        <translation>&amp;عرض الاختيار</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Your organization&apos;s privacy policy has changed. The new version holds since {day}.</source>
        <translation>تغيّرت سياسة الخصوصية في مؤسستك. النسخة الجديدة سارية منذ {day}.</translation>
    </message>
    <message>
        <source>Your organization&apos;s privacy policy changes. The new version holds from {day} on.</source>
        <translation>ستتغيّر سياسة الخصوصية في مؤسستك. تسري النسخة الجديدة ابتداءً من {day}.</translation>
    </message>
</context>
<context>
    <name>Bar</name>
    <message>
        <source>{percent} % sent</source>
        <translation>أُرسل {percent}٪</translation>
    </message>
</context>
<context>
    <name>Batch</name>
    <message>
        <source>kept {kept}</source>
        <translation>حُفظ منها {kept}</translation>
    </message>
    <message>
        <source>copy cleared</source>
        <translation>مُسحت النسخة</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>تم الاستلام</translation>
    </message>
    <message>
        <source>May have arrived</source>
        <translation>ربما وصلت</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>رُفضت</translation>
    </message>
    <message>
        <source>The server has all of it.</source>
        <translation>وصلت إلى الخادم كلها.</translation>
    </message>
    <message>
        <source>The server has {kept} of {all}; the others it did not keep.</source>
        <translation>لدى الخادم {kept} من {all}؛ ولم يحفظ الباقي.</translation>
    </message>
    <message>
        <source>It had begun to leave when it was stopped, so nobody can say whether it arrived. Erasure covers it, too.</source>
        <translation>كان إرسالها قد بدأ حين أُوقف، فلا يمكن الجزم هل وصلت. يشملها الحذف أيضًا.</translation>
    </message>
    <message>
        <source>The server did not take it, and it is not sent again.</source>
        <translation>لم يقبلها الخادم، ولن تُرسل مرة أخرى.</translation>
    </message>
</context>
<context>
    <name>BatchPage</name>
    <message>
        <source>Installation id it left under</source>
        <translation>معرّف التثبيت الذي أُرسلت به</translation>
    </message>
    <message>
        <source>SHA-256 of the bytes that left</source>
        <translation>بصمة SHA-256 لما أُرسل</translation>
    </message>
    <message>
        <source>What the server answered</source>
        <translation>رد الخادم</translation>
    </message>
    <message>
        <source>What it said</source>
        <translation>ما ورد فيها</translation>
    </message>
    <message>
        <source>This computer&apos;s copy was cleared, so what it said cannot be shown any more.</source>
        <translation>مُسحت نسخة هذا الحاسوب، فلم يعد ممكنًا عرض ما ورد فيها.</translation>
    </message>
    <message>
        <source>Erased by the server, {when}.</source>
        <translation>حذفها الخادم، {when}.</translation>
    </message>
    <message>
        <source>Sent to {host}</source>
        <translation>أُرسلت إلى {host}</translation>
    </message>
    <message>
        <source>No answer came.</source>
        <translation>لم يأتِ رد.</translation>
    </message>
</context>
<context>
    <name>Bridge</name>
    <message>
        <source>This was cancelled.</source>
        <translation>أُلغي هذا.</translation>
    </message>
    <message>
        <source>Miratag could not do this. What you saved is safe; please try again.</source>
        <translation>لم يستطع Miratag فعل ذلك. ما حفظته في أمان؛ حاول مرة أخرى من فضلك.</translation>
    </message>
</context>
<context>
    <name>CategoryCard</name>
    <message>
        <source>Send {category}</source>
        <translation>إرسال: {category}</translation>
    </message>
    <message>
        <source>What it records</source>
        <translation>ما يسجّله</translation>
    </message>
    <message>
        <source>How &amp;far it is</source>
        <translation>إلى أين و&amp;صل</translation>
    </message>
    <message>
        <source>What {category} would record</source>
        <translation>ما تسجّله {category}</translation>
    </message>
    <message>
        <source>Kept for {days} by the server.</source>
        <translation>مدة الحفظ على الخادم: {days}.</translation>
    </message>
    <message>
        <source>Nothing of it was sent.</source>
        <translation>لم يُرسل منه شيء.</translation>
    </message>
    <message>
        <source>last {when}</source>
        <translation>آخر مرة {when}</translation>
    </message>
    <message numerus="yes">
        <source>%n sent</source>
        <translation>
            <numerusform>لم يُرسل شيء</numerusform>
            <numerusform>أُرسل واحد</numerusform>
            <numerusform>أُرسل اثنان</numerusform>
            <numerusform>أُرسلت %Ln</numerusform>
            <numerusform>أُرسل %Ln</numerusform>
            <numerusform>أُرسل %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting here</source>
        <translation>
            <numerusform>لا شيء ينتظر هنا</numerusform>
            <numerusform>واحد ينتظر هنا</numerusform>
            <numerusform>اثنان ينتظران هنا</numerusform>
            <numerusform>%Ln تنتظر هنا</numerusform>
            <numerusform>%Ln ينتظر هنا</numerusform>
            <numerusform>%Ln ينتظر هنا</numerusform>
        </translation>
    </message>
    <message>
        <source>Switching it off stops it at once and deletes what waits here.</source>
        <translation>إيقافه يوقفه فورًا ويحذف ما ينتظر هنا.</translation>
    </message>
    <message>
        <source>Kept by the server for {least} to {days}, as listed below for each event.</source>
        <translation>مدة الحفظ على الخادم من {least} إلى {days}، كما هو مبيّن أدناه لكل حدث.</translation>
    </message>
    <message>
        <source>Switched on. You can take it back at any time.</source>
        <translation>تم التشغيل. يمكنك سحب ذلك في أي وقت.</translation>
    </message>
    <message>
        <source>Off. What waited here is deleted and never leaves: {count}.</source>
        <translation>متوقف. ما كان ينتظر هنا حُذف ولن يُرسل أبدًا: {count}.</translation>
    </message>
    <message>
        <source>Off. Nothing of it waited here, and nothing of it leaves any more.</source>
        <translation>متوقف. لم يكن شيء منه ينتظر هنا، ولن يُرسل منه شيء بعد الآن.</translation>
    </message>
    <message>
        <source>Erasure is asked for, and is tried until the signed receipt is here.</source>
        <translation>طُلب الحذف، وتتكرر المحاولة إلى أن يصل الإيصال الموقّع.</translation>
    </message>
    <message>
        <source>Switching on…</source>
        <translation>جارٍ التشغيل…</translation>
    </message>
    <message>
        <source>Stopping, and deleting what was not sent…</source>
        <translation>جارٍ الإيقاف وحذف ما لم يُرسل…</translation>
    </message>
</context>
<context>
    <name>ChangeLine</name>
    <message>
        <source>&amp;Back to a new report</source>
        <translation>ال&amp;عودة إلى تقرير جديد</translation>
    </message>
    <message>
        <source>This change waits among your drafts</source>
        <translation>ينتظر هذا التغيير بين مسوداتك</translation>
    </message>
</context>
<context>
    <name>ChangeNote</name>
    <message>
        <source>Text</source>
        <translation>النص</translation>
    </message>
    <message>
        <source>You are changing a report that was sent. Send puts this version in its place.</source>
        <translation>أنت تعدّل تقريرًا سبق إرساله. عند الإرسال تحل هذه النسخة محله.</translation>
    </message>
    <message>
        <source>To be corrected</source>
        <translation>مطلوب تصحيحه</translation>
    </message>
    <message>
        <source>▲ {place}: {words}</source>
        <translation>▲ {place}: {words}</translation>
    </message>
</context>
<context>
    <name>Check</name>
    <message>
        <source>Pass</source>
        <translation>نجح</translation>
    </message>
    <message>
        <source>Fail</source>
        <translation>لم ينجح</translation>
    </message>
    <message>
        <source>Not applicable</source>
        <translation>لا ينطبق</translation>
    </message>
    <message>
        <source>What is wrong?</source>
        <translation>ما المشكلة؟</translation>
    </message>
    <message>
        <source>What is wrong with {label}?</source>
        <translation>ما المشكلة في {label}؟</translation>
    </message>
</context>
<context>
    <name>CheckInFields</name>
    <message>
        <source>&amp;Code shown there</source>
        <translation>ال&amp;رمز المعروض هناك</translation>
    </message>
    <message>
        <source>&amp;Note</source>
        <translation>&amp;ملاحظة</translation>
    </message>
    <message>
        <source>Note for the check-in</source>
        <translation>ملاحظة لتسجيل الحضور</translation>
    </message>
    <message>
        <source>What you came for, in a few words</source>
        <translation>ما جئت من أجله، في كلمات قليلة</translation>
    </message>
</context>
<context>
    <name>ChecklistButton</name>
    <message>
        <source>&amp;Checklist</source>
        <translation>قائ&amp;مة تحقق</translation>
    </message>
    <message>
        <source>All checklists…</source>
        <translation>كل قوائم التحقق…</translation>
    </message>
</context>
<context>
    <name>ChecklistChoice</name>
    <message>
        <source>Choose a checklist</source>
        <translation>اختيار قائمة تحقق</translation>
    </message>
    <message>
        <source>&amp;Find a checklist</source>
        <translation>ال&amp;بحث عن قائمة تحقق</translation>
    </message>
    <message>
        <source>&amp;Checklists</source>
        <translation>&amp;قوائم التحقق</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>بدء</translation>
    </message>
    <message numerus="yes">
        <source>%n more: type a part of the name to find them.</source>
        <translation>
            <numerusform>لا قوائم أخرى.</numerusform>
            <numerusform>قائمة أخرى: اكتب جزءًا من الاسم لتجدها.</numerusform>
            <numerusform>قائمتان أخريان: اكتب جزءًا من الاسم لتجدهما.</numerusform>
            <numerusform>%Ln قوائم أخرى: اكتب جزءًا من الاسم لتجدها.</numerusform>
            <numerusform>%Ln قائمة أخرى: اكتب جزءًا من الاسم لتجدها.</numerusform>
            <numerusform>%Ln قائمة أخرى: اكتب جزءًا من الاسم لتجدها.</numerusform>
        </translation>
    </message>
    <message>
        <source>No checklist has this in its name.</source>
        <translation>لا قائمة تحقق في اسمها هذا.</translation>
    </message>
</context>
<context>
    <name>ChecklistPage</name>
    <message>
        <source>* needs an answer</source>
        <translation>* الجواب مطلوب</translation>
    </message>
    <message>
        <source>Use the new version</source>
        <translation>استخدام النسخة الجديدة</translation>
    </message>
    <message>
        <source>&amp;Add photo</source>
        <translation>إ&amp;ضافة صورة</translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation>حذف…</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>إر&amp;سال</translation>
    </message>
    <message>
        <source>There is a newer version of this checklist. Your draft keeps the one it was begun with.</source>
        <translation>توجد نسخة أحدث من قائمة التحقق هذه. تحتفظ مسودتك بالنسخة التي بدأت بها.</translation>
    </message>
    <message>
        <source>Anything else?</source>
        <translation>هل من شيء آخر؟</translation>
    </message>
    <message>
        <source>Anything else? The first line is the title</source>
        <translation>هل من شيء آخر؟ السطر الأول هو العنوان</translation>
    </message>
    <message>
        <source>To be corrected</source>
        <translation>للتصحيح</translation>
    </message>
    <message>
        <source>The server did not take this. Correct it.</source>
        <translation>لم يقبل الخادم هذا. صحّحه.</translation>
    </message>
    <message>
        <source>A file is still being added here. Wait a moment, then go on.</source>
        <translation>ما زال ملف يُضاف هنا. انتظر لحظة، ثم تابع.</translation>
    </message>
    <message>
        <source>Not saved.</source>
        <translation>لم يُحفظ.</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>حُفظ {time}</translation>
    </message>
    <message>
        <source>Discard this draft? Its answers, text and files are deleted from this computer.</source>
        <translation>هل تحذف هذه المسودة؟ ستُحذف أجوبتها ونصها وملفاتها من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>حذف</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Remove {name}</source>
        <translation>إزالة {name}</translation>
    </message>
    <message>
        <source>{size}, made smaller from {before}</source>
        <translation>{size}، صُغّر من {before}</translation>
    </message>
    <message>
        <source>Without place, device and file name, unless its frames tell them</source>
        <translation>دون المكان والجهاز واسم الملف، إلا إذا ظهرت في الصور نفسها</translation>
    </message>
    <message>
        <source>Without place, device and file name</source>
        <translation>دون المكان والجهاز واسم الملف</translation>
    </message>
    <message>
        <source>With place, device and file name</source>
        <translation>مع المكان والجهاز واسم الملف</translation>
    </message>
    <message>
        <source>Sent as it is, with place and camera if it has them</source>
        <translation>يُرسل كما هو، مع المكان والكاميرا إن وُجدا فيه</translation>
    </message>
    <message>
        <source>Sent as it is, with all that is in it</source>
        <translation>يُرسل كما هو، بكل ما فيه</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>Nothing below leaves unless you switch it on. You can take each of them back, and nothing in Miratag works less well without them.</source>
        <translation>لا يُرسل شيء مما يلي إلا إذا شغّلته. يمكنك سحب كل منها، ولا يعمل شيء في Miratag أقل جودة بدونها.</translation>
    </message>
    <message>
        <source>Log data</source>
        <translation>سجلات التطبيق</translation>
    </message>
    <message>
        <source>With your work</source>
        <translation>مع عملك</translation>
    </message>
</context>
<context>
    <name>CodeField</name>
    <message>
        <source>Code shown at the location</source>
        <translation>الرمز المعروض في الموقع</translation>
    </message>
</context>
<context>
    <name>CollectCard</name>
    <message>
        <source>Save everything about me</source>
        <translation>حفظ كل ما يخصني</translation>
    </message>
    <message>
        <source>My data</source>
        <translation>بياناتي</translation>
    </message>
    <message>
        <source>ZIP (*.zip)</source>
        <translation>ZIP (*.zip)</translation>
    </message>
    <message>
        <source>Collecting… With many photos this takes a while; you can go on working.</source>
        <translation>جارٍ الجمع… يستغرق ذلك وقتًا إذا كثرت الصور؛ يمكنك مواصلة العمل.</translation>
    </message>
    <message>
        <source>Collecting… What is on this computer is in it. From the server: {size} so far.</source>
        <translation>جارٍ الجمع… جُمع ما على هذا الحاسوب. من الخادم حتى الآن: {size}.</translation>
    </message>
    <message>
        <source>Collecting… {files} of {all_files} files, {size} of {all_size}.</source>
        <translation>جارٍ الجمع… الملفات: {files} من {all_files}، الحجم: {size} من {all_size}.</translation>
    </message>
    <message>
        <source>You can go on working.</source>
        <translation>يمكنك مواصلة العمل.</translation>
    </message>
    <message>
        <source>Saved in {path}, {size}.</source>
        <translation>حُفظ في {path}، {size}.</translation>
    </message>
    <message>
        <source>The server&apos;s part is missing: {why} Save again later to have it too.</source>
        <translation>جزء الخادم ناقص: {why} احفظ من جديد لاحقًا لتحصل عليه أيضًا.</translation>
    </message>
</context>
<context>
    <name>Comment</name>
    <message>
        <source>Saved here</source>
        <translation>محفوظ هنا</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>في الانتظار</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>أُرسل</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>لم يُقبل</translation>
    </message>
</context>
<context>
    <name>CommentThread</name>
    <message>
        <source>Write a comment</source>
        <translation>اكتب تعليقًا</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>إرسال التعليق</translation>
    </message>
    <message>
        <source>Comments</source>
        <translation>التعليقات</translation>
    </message>
    <message>
        <source>You</source>
        <translation>أنت</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Keep it</source>
        <translation>الإبقاء عليه</translation>
    </message>
</context>
<context>
    <name>ConnectionCard</name>
    <message>
        <source>Your organization passes nothing on to any third party.</source>
        <translation>لا تمرّر مؤسستك شيئًا إلى أي جهة أخرى.</translation>
    </message>
    <message>
        <source>Carries: {fields}</source>
        <translation>يحمل: {fields}</translation>
    </message>
    <message>
        <source>Never used yet</source>
        <translation>لم يُستخدم بعد</translation>
    </message>
    <message>
        <source>{size} sent</source>
        <translation>أُرسل {size}</translation>
    </message>
    <message>
        <source>last {when}</source>
        <translation>آخر مرة {when}</translation>
    </message>
</context>
<context>
    <name>Connections</name>
    <message>
        <source>This is the whole list: Miratag connects for nothing else. The numbers count what it did since it was installed.</source>
        <translation>هذه هي القائمة كاملة: لا يتصل Miratag لأي غرض آخر. تعدّ الأرقام ما فعله منذ تثبيته.</translation>
    </message>
</context>
<context>
    <name>CookieCard</name>
    <message>
        <source>Delete</source>
        <translation>حذف</translation>
    </message>
    <message>
        <source>Delete {name}</source>
        <translation>حذف {name}</translation>
    </message>
    <message>
        <source>Ends with the program</source>
        <translation>ينتهي مع البرنامج</translation>
    </message>
    <message>
        <source>Stays until {when}</source>
        <translation>يبقى حتى {when}</translation>
    </message>
</context>
<context>
    <name>CookieSection</name>
    <message>
        <source>A cookie is a short note that a server leaves in a program. Miratag keeps only those that are declared, and works without any of them.</source>
        <translation>ملف تعريف الارتباط ملاحظة قصيرة يتركها خادم في برنامج. لا يحفظ Miratag منها إلا المعلن، ويعمل بدونها كلها.</translation>
    </message>
    <message>
        <source>&amp;Block cookies that stay</source>
        <translation>&amp;منع ملفات تعريف الارتباط الباقية</translation>
    </message>
    <message>
        <source>Blocking deletes those that are here. Others are only in memory, and end with the program.</source>
        <translation>المنع يحذف الموجود منها هنا. أما غيرها ففي الذاكرة فقط، وينتهي مع البرنامج.</translation>
    </message>
    <message>
        <source>There is no cookie now.</source>
        <translation>لا توجد ملفات تعريف ارتباط الآن.</translation>
    </message>
    <message>
        <source>&amp;Delete all</source>
        <translation>ح&amp;ذف الكل</translation>
    </message>
    <message>
        <source>Not declared, and therefore not kept: {count}</source>
        <translation>غير معلنة، ولذلك لم تُحفظ: {count}</translation>
    </message>
    <message>
        <source>Deleted.</source>
        <translation>تم الحذف.</translation>
    </message>
</context>
<context>
    <name>CorrectionCard</name>
    <message>
        <source>Chan&amp;ge its time or place</source>
        <translation>تغيير ال&amp;وقت أو المكان</translation>
    </message>
    <message>
        <source>Re&amp;move it: it did not happen</source>
        <translation>إ&amp;زالته: لم يحدث</translation>
    </message>
    <message>
        <source>When it was</source>
        <translation>متى كان</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;حفظ</translation>
    </message>
    <message>
        <source>&amp;Ask for it</source>
        <translation>&amp;طلب التصحيح</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إ&amp;لغاء</translation>
    </message>
    <message>
        <source>Reason for the correction</source>
        <translation>سبب التصحيح</translation>
    </message>
    <message>
        <source>What is missing</source>
        <translation>ما الناقص</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>ال&amp;سبب</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>تصحيح</translation>
    </message>
    <message>
        <source>Add what is missing</source>
        <translation>إضافة الناقص</translation>
    </message>
    <message>
        <source>Add a check-in that is missing</source>
        <translation>إضافة تسجيل حضور ناقص</translation>
    </message>
    <message>
        <source>It stands at once. What was recorded first is kept beside it, with your reason.</source>
        <translation>يسري فورًا. ويُحفظ بجانبه ما سُجّل أولًا، مع السبب الذي كتبته.</translation>
    </message>
    <message>
        <source>Your organization decides. Until then it stands as it is.</source>
        <translation>تقرر مؤسستك. وإلى أن تقرر يبقى كما هو.</translation>
    </message>
    <message>
        <source>choose it…</source>
        <translation>اختره…</translation>
    </message>
    <message>
        <source>Place: {place}</source>
        <translation>المكان: {place}</translation>
    </message>
    <message>
        <source>Where it was</source>
        <translation>أين كان</translation>
    </message>
    <message>
        <source>Use this place</source>
        <translation>استخدام هذا المكان</translation>
    </message>
    <message>
        <source>Change the time or the place, or choose that it did not happen.</source>
        <translation>غيّر الوقت أو المكان، أو اختر أنه لم يحدث.</translation>
    </message>
    <message>
        <source>Choose where it was.</source>
        <translation>اختر أين كان.</translation>
    </message>
    <message>
        <source>It cannot lie in the future.</source>
        <translation>لا يمكن أن يكون في المستقبل.</translation>
    </message>
    <message>
        <source>Say in a few words why.</source>
        <translation>قل السبب في كلمات قليلة.</translation>
    </message>
    <message>
        <source>Saved here. Your organization decides about it, and you find the answer below.</source>
        <translation>محفوظ هنا. تقرر مؤسستك بشأنه، وتجد الرد أدناه.</translation>
    </message>
    <message>
        <source>Saved here. It stands already.</source>
        <translation>محفوظ هنا. وهو سارٍ من الآن.</translation>
    </message>
</context>
<context>
    <name>DateField</name>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
</context>
<context>
    <name>DraftRow</name>
    <message>
        <source>Undo</source>
        <translation>تراجع</translation>
    </message>
    <message>
        <source>Undo sending</source>
        <translation>التراجع عن الإرسال</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>متابعة الكتابة</translation>
    </message>
    <message>
        <source>&amp;Drafts ({count})</source>
        <translation>المسو&amp;دات ({count})</translation>
    </message>
    <message numerus="yes">
        <source>%n more: send or discard some to see them.</source>
        <translation>
            <numerusform>لا مسودات أخرى.</numerusform>
            <numerusform>مسودة أخرى: أرسل بعضها أو احذفه لتراها.</numerusform>
            <numerusform>مسودتان أخريان: أرسل بعضها أو احذفه لتراهما.</numerusform>
            <numerusform>%Ln مسودات أخرى: أرسل بعضها أو احذفه لتراها.</numerusform>
            <numerusform>%Ln مسودة أخرى: أرسل بعضها أو احذفه لتراها.</numerusform>
            <numerusform>%Ln مسودة أخرى: أرسل بعضها أو احذفه لتراها.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;New draft</source>
        <translation>مسودة &amp;جديدة</translation>
    </message>
    <message numerus="yes">
        <source>Send &amp;all (%n)</source>
        <translation>
            <numerusform>إرسال ال&amp;كل (%Ln)</numerusform>
            <numerusform>إرسال ال&amp;كل (%Ln)</numerusform>
            <numerusform>إرسال ال&amp;كل (%Ln)</numerusform>
            <numerusform>إرسال ال&amp;كل (%Ln)</numerusform>
            <numerusform>إرسال ال&amp;كل (%Ln)</numerusform>
            <numerusform>إرسال ال&amp;كل (%Ln)</numerusform>
        </translation>
    </message>
    <message>
        <source>Discard &amp;this draft…</source>
        <translation>&amp;حذف هذه المسودة…</translation>
    </message>
</context>
<context>
    <name>Drafts</name>
    <message>
        <source>Photos without a text</source>
        <translation>صور بلا نص</translation>
    </message>
    <message>
        <source>Change of: {title}</source>
        <translation>تغيير: {title}</translation>
    </message>
</context>
<context>
    <name>ErasureCard</name>
    <message>
        <source>All log data</source>
        <translation>كل سجلات التطبيق</translation>
    </message>
    <message>
        <source>Asked {when}</source>
        <translation>طُلب {when}</translation>
    </message>
    <message>
        <source>Save receipt…</source>
        <translation>حفظ الإيصال…</translation>
    </message>
    <message>
        <source>Save receipt {number}…</source>
        <translation>حفظ الإيصال {number}…</translation>
    </message>
    <message>
        <source>Erased {when}: {count}. The receipt is signed and was verified.</source>
        <translation>تم الحذف {when}: {count}. الإيصال موقّع وتم التحقق منه.</translation>
    </message>
    <message>
        <source>Waiting for the server&apos;s receipt.</source>
        <translation>في انتظار إيصال الخادم.</translation>
    </message>
    <message>
        <source>Passed on before to {whom}, and not ours to erase: {count}. Ask there.</source>
        <translation>مُرّر من قبل إلى {whom}، وليس لنا أن نحذفه: {count}. اطلب ذلك هناك.</translation>
    </message>
    <message>
        <source>Erasure receipt</source>
        <translation>إيصال الحذف</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Save the receipt</source>
        <translation>حفظ الإيصال</translation>
    </message>
    <message>
        <source>Saved in {path}. “miratag receipt verify” reads it, without a network.</source>
        <translation>حُفظ في {path}. يقرؤه «miratag receipt verify» دون شبكة.</translation>
    </message>
</context>
<context>
    <name>ErasureOffer</name>
    <message>
        <source>&amp;Have it erased</source>
        <translation>طلب حذ&amp;فه</translation>
    </message>
    <message>
        <source>&amp;Leave it</source>
        <translation>ت&amp;ركه</translation>
    </message>
    <message>
        <source>Sent so far: {count}. What the server still has of it can be erased.</source>
        <translation>أُرسل حتى الآن: {count}. ما لا يزال منه عند الخادم يمكن حذفه.</translation>
    </message>
    <message>
        <source>Some of it may have arrived, though no answer came.</source>
        <translation>ربما وصل بعضه، مع أنه لم يأتِ رد.</translation>
    </message>
</context>
<context>
    <name>ErasureSection</name>
    <message>
        <source>Log data that was sent can be erased. Your organization&apos;s server then signs a receipt that says what is gone. For your reports and check-ins see My data.</source>
        <translation>يمكن حذف سجلات التطبيق التي أُرسلت. يوقّع خادم مؤسستك عندئذ إيصالًا يبيّن ما حُذف. أما تقاريرك وتسجيلات حضورك فانظر لها «بياناتي».</translation>
    </message>
    <message>
        <source>&amp;Erase all of it</source>
        <translation>ح&amp;ذفها كلها</translation>
    </message>
    <message>
        <source>No erasure was asked for yet.</source>
        <translation>لم يُطلب أي حذف بعد.</translation>
    </message>
    <message>
        <source>The server erases everything that this installation sent as log data, and does not take it again. What you allowed stays allowed; this computer&apos;s copy stays until you clear it.</source>
        <translation>يحذف الخادم كل ما أرسله هذا التثبيت من سجلات التطبيق، ولا يقبله من جديد. ما سمحت به يبقى مسموحًا؛ ونسخة هذا الحاسوب تبقى إلى أن تمسحها.</translation>
    </message>
    <message>
        <source>Erase it</source>
        <translation>حذفها</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>تركها</translation>
    </message>
    <message>
        <source>Asked. It is tried again by itself until the receipt is here, also after a restart.</source>
        <translation>تم الطلب. تتكرر المحاولة تلقائيًا إلى أن يصل الإيصال، حتى بعد إعادة التشغيل.</translation>
    </message>
</context>
<context>
    <name>EventBlock</name>
    <message>
        <source>Correct…</source>
        <translation>تصحيح…</translation>
    </message>
    <message>
        <source>Correct {event}</source>
        <translation>تصحيح {event}</translation>
    </message>
</context>
<context>
    <name>EvidenceCard</name>
    <message>
        <source>Open in the &amp;timesheet</source>
        <translation>فتح في &amp;كشف الساعات</translation>
    </message>
</context>
<context>
    <name>File</name>
    <message>
        <source>Waiting</source>
        <translation>في الانتظار</translation>
    </message>
    <message>
        <source>Sending {percent} %</source>
        <translation>جارٍ إرسال {percent}٪</translation>
    </message>
    <message>
        <source>Paused at {percent} %</source>
        <translation>متوقف مؤقتًا عند {percent}٪</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>متوقف مؤقتًا</translation>
    </message>
    <message>
        <source>Sent; the copy here stays until the server has signed for it</source>
        <translation>أُرسل؛ تبقى النسخة هنا إلى أن يوقّع الخادم على استلامه</translation>
    </message>
    <message>
        <source>Received; a copy is on this computer</source>
        <translation>تم الاستلام؛ توجد نسخة على هذا الحاسوب</translation>
    </message>
    <message>
        <source>Received; not on this computer</source>
        <translation>تم الاستلام؛ ليس على هذا الحاسوب</translation>
    </message>
    <message>
        <source>Still on its way from another device</source>
        <translation>ما زال في الطريق من جهاز آخر</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>لم يُرسل</translation>
    </message>
</context>
<context>
    <name>FileRow</name>
    <message>
        <source>Retry</source>
        <translation>إعادة المحاولة</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>فتح</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>جلب</translation>
    </message>
    <message>
        <source>Take off…</source>
        <translation>إزالته…</translation>
    </message>
    <message>
        <source>Fetching…</source>
        <translation>جارٍ الجلب…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>متابعة</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>إيقاف مؤقت</translation>
    </message>
    <message>
        <source>{action}: {name}</source>
        <translation>{action}: {name}</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message>
        <source>Today this computer sent {reports}, {attendance}, {records}</source>
        <translation>أرسل هذا الحاسوب اليوم: {reports}، {attendance}، {records}</translation>
    </message>
    <message numerus="yes">
        <source>%n report(s)</source>
        <translation>
            <numerusform>لا تقارير</numerusform>
            <numerusform>تقرير واحد</numerusform>
            <numerusform>تقريران</numerusform>
            <numerusform>%Ln تقارير</numerusform>
            <numerusform>%Ln تقريرًا</numerusform>
            <numerusform>%Ln تقرير</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check-in(s)</source>
        <translation>
            <numerusform>لا تسجيلات حضور</numerusform>
            <numerusform>تسجيل حضور واحد</numerusform>
            <numerusform>تسجيلا حضور</numerusform>
            <numerusform>%Ln تسجيلات حضور</numerusform>
            <numerusform>%Ln تسجيل حضور</numerusform>
            <numerusform>%Ln تسجيل حضور</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n log record(s)</source>
        <translation>
            <numerusform>لا سجلات تطبيق</numerusform>
            <numerusform>سجل تطبيق واحد</numerusform>
            <numerusform>سجلا تطبيق</numerusform>
            <numerusform>%Ln سجلات تطبيق</numerusform>
            <numerusform>%Ln سجل تطبيق</numerusform>
            <numerusform>%Ln سجل تطبيق</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>Please look at this again.</source>
        <translation>انظر إلى هذا مرة أخرى من فضلك.</translation>
    </message>
    <message>
        <source>This needs an answer.</source>
        <translation>الجواب هنا مطلوب.</translation>
    </message>
    <message>
        <source>Write what is wrong.</source>
        <translation>اكتب ما المشكلة.</translation>
    </message>
    <message>
        <source>This cannot be read. Check what was typed.</source>
        <translation>لا يمكن قراءة هذا. تحقق مما كُتب.</translation>
    </message>
    <message>
        <source>This is over {limit} characters. Shorten it.</source>
        <translation>عدد الأحرف أكثر من {limit}. اختصر النص.</translation>
    </message>
    <message>
        <source>This is under {limit} characters. Write more.</source>
        <translation>عدد الأحرف أقل من {limit}. اكتب المزيد.</translation>
    </message>
    <message>
        <source>This is below {limit}. Check the number.</source>
        <translation>القيمة أصغر من {limit}. تحقق من الرقم.</translation>
    </message>
    <message>
        <source>This is above {limit}. Check the number.</source>
        <translation>القيمة أكبر من {limit}. تحقق من الرقم.</translation>
    </message>
    <message>
        <source>At least {limit} are needed.</source>
        <translation>المطلوب {limit} على الأقل.</translation>
    </message>
    <message>
        <source>At most {limit} are allowed. Take some off.</source>
        <translation>المسموح به {limit} على الأكثر. أزل بعضها.</translation>
    </message>
    <message>
        <source>This is none of the choices. Choose again.</source>
        <translation>هذا ليس من الخيارات. اختر من جديد.</translation>
    </message>
    <message>
        <source>Only photos go here. Take the other file off.</source>
        <translation>هنا الصور فقط. أزل الملف الآخر.</translation>
    </message>
    <message>
        <source>Only videos go here. Take the other file off.</source>
        <translation>هنا مقاطع الفيديو فقط. أزل الملف الآخر.</translation>
    </message>
    <message>
        <source>A file is missing. Add it again.</source>
        <translation>ملف ناقص. أضفه من جديد.</translation>
    </message>
    <message>
        <source>Exactly {number}.</source>
        <translation>العدد المطلوب {number}.</translation>
    </message>
    <message>
        <source>{least} to {most}.</source>
        <translation>من {least} إلى {most}.</translation>
    </message>
    <message>
        <source>At least {number}.</source>
        <translation>{number} على الأقل.</translation>
    </message>
    <message>
        <source>At most {number}.</source>
        <translation>{number} على الأكثر.</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>نجح</translation>
    </message>
    <message>
        <source>Fail</source>
        <translation>لم ينجح</translation>
    </message>
    <message>
        <source>Not applicable</source>
        <translation>لا ينطبق</translation>
    </message>
    <message>
        <source>a place that is not known here</source>
        <translation>مكان غير معروف هنا</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) missing</source>
        <translation>
            <numerusform>لا جواب ناقص</numerusform>
            <numerusform>جواب واحد ناقص</numerusform>
            <numerusform>جوابان ناقصان</numerusform>
            <numerusform>%Ln أجوبة ناقصة</numerusform>
            <numerusform>%Ln جوابًا ناقصًا</numerusform>
            <numerusform>%Ln جواب ناقص</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n to correct</source>
        <translation>
            <numerusform>لا شيء للتصحيح</numerusform>
            <numerusform>واحد للتصحيح</numerusform>
            <numerusform>اثنان للتصحيح</numerusform>
            <numerusform>%Ln للتصحيح</numerusform>
            <numerusform>%Ln للتصحيح</numerusform>
            <numerusform>%Ln للتصحيح</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Group</name>
    <message>
        <source>Add {label}</source>
        <translation>إضافة {label}</translation>
    </message>
    <message>
        <source>{label} {number} of {count}</source>
        <translation>{label} {number} من {count}</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>نقل إلى أعلى</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>نقل إلى أسفل</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Menu</source>
        <translation>القائمة</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>الحسابات</translation>
    </message>
    <message>
        <source>signed in until you quit</source>
        <translation>مسجّل الدخول إلى أن تغلق البرنامج</translation>
    </message>
</context>
<context>
    <name>Item</name>
    <message>
        <source>Report without a title</source>
        <translation>تقرير بلا عنوان</translation>
    </message>
    <message>
        <source>Checked in</source>
        <translation>تسجيل حضور</translation>
    </message>
    <message>
        <source>Checked out</source>
        <translation>تسجيل انصراف</translation>
    </message>
    <message>
        <source>Break started</source>
        <translation>بدأت الاستراحة</translation>
    </message>
    <message>
        <source>Break ended</source>
        <translation>انتهت الاستراحة</translation>
    </message>
    <message>
        <source>Elsewhere</source>
        <translation>مكان آخر</translation>
    </message>
</context>
<context>
    <name>KeepDetails</name>
    <message>
        <source>Keep place, device and file name</source>
        <translation>الاحتفاظ بالمكان والجهاز واسم الملف</translation>
    </message>
    <message>
        <source>For what you add from now on. Off: where and when a photo, video or recording was made, with what, and its own name are left out.</source>
        <translation>لما تضيفه من الآن فصاعدًا. عند الإيقاف: يُحذف أين ومتى أُخذت الصورة أو الفيديو أو التسجيل، وبأي جهاز، واسم الملف الأصلي.</translation>
    </message>
</context>
<context>
    <name>Ledger</name>
    <message>
        <source>&amp;Next to send</source>
        <translation>التا&amp;لي للإرسال</translation>
    </message>
    <message>
        <source>&amp;Sent</source>
        <translation>ال&amp;مُرسل</translation>
    </message>
    <message>
        <source>&amp;Lost or withheld</source>
        <translation>ال&amp;ضائع أو الممنوع</translation>
    </message>
</context>
<context>
    <name>LedgerList</name>
    <message>
        <source>Show what is &amp;there now</source>
        <translation>عرض الموجود الآ&amp;ن</translation>
    </message>
</context>
<context>
    <name>Link</name>
    <message>
        <source>Connecting…</source>
        <translation>جارٍ الاتصال…</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>متصل</translation>
    </message>
    <message>
        <source>Offline: kept here until you are back</source>
        <translation>غير متصل: يُحفظ هنا إلى أن يعود الاتصال</translation>
    </message>
    <message>
        <source>The server has trouble: kept here, trying again</source>
        <translation>في الخادم خلل: يُحفظ هنا وتتكرر المحاولة</translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation>يلزم تسجيل الدخول</translation>
    </message>
    <message>
        <source>Server not trusted</source>
        <translation>الخادم غير موثوق</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>تم تسجيل الخروج</translation>
    </message>
</context>
<context>
    <name>LocalCopyCard</name>
    <message>
        <source>The server has not received everything yet. On this computer alone: {count}.</source>
        <translation>لم يستلم الخادم كل شيء بعد. على هذا الحاسوب وحده: {count}.</translation>
    </message>
    <message>
        <source>Drafts on this computer alone: {count}.</source>
        <translation>مسودات على هذا الحاسوب وحده: {count}.</translation>
    </message>
    <message>
        <source>Comments that you began and did not send: {count}.</source>
        <translation>تعليقات بدأتها ولم ترسلها: {count}.</translation>
    </message>
    <message>
        <source>Something is on this computer alone: a request about your data, something that the server did not take, or a damaged file.</source>
        <translation>على هذا الحاسوب وحده شيء: طلب بشأن بياناتك، أو شيء لم يقبله الخادم، أو ملف تالف.</translation>
    </message>
    <message>
        <source>Work that the server has not received is lost for good.</source>
        <translation>العمل الذي لم يستلمه الخادم يضيع نهائيًا.</translation>
    </message>
    <message>
        <source>To use this account here again you have to sign in again.</source>
        <translation>لاستخدام هذا الحساب هنا من جديد عليك تسجيل الدخول مرة أخرى.</translation>
    </message>
    <message>
        <source>Sign out and erase</source>
        <translation>تسجيل الخروج والحذف</translation>
    </message>
</context>
<context>
    <name>Loss</name>
    <message>
        <source>Withdrawn or removed by you</source>
        <translation>سحبتها أو أزلتها أنت</translation>
    </message>
    <message>
        <source>Too many waited</source>
        <translation>كثر ما ينتظر</translation>
    </message>
    <message>
        <source>What waited took too much room</source>
        <translation>شغل ما ينتظر مساحة كبيرة</translation>
    </message>
    <message>
        <source>Waited too long</source>
        <translation>انتظرت مدة طويلة</translation>
    </message>
    <message>
        <source>Came faster than they could be written</source>
        <translation>جاءت أسرع من أن تُكتب</translation>
    </message>
    <message>
        <source>Could not be written</source>
        <translation>تعذرت كتابتها</translation>
    </message>
    <message>
        <source>Could not be read by the server</source>
        <translation>لم يستطع الخادم قراءتها</translation>
    </message>
    <message>
        <source>Too large for the server</source>
        <translation>أكبر مما يقبله الخادم</translation>
    </message>
    <message>
        <source>Not kept by the server</source>
        <translation>لم يحفظها الخادم</translation>
    </message>
    <message>
        <source>Not allowed by the organization</source>
        <translation>لا تسمح بها المؤسسة</translation>
    </message>
    <message>
        <source>Not known to the server</source>
        <translation>غير معروفة للخادم</translation>
    </message>
    <message>
        <source>Belonged to what was erased</source>
        <translation>من جملة ما حُذف</translation>
    </message>
    <message>
        <source>Malformed</source>
        <translation>غير سليمة البنية</translation>
    </message>
    <message>
        <source>Switched off</source>
        <translation>متوقفة</translation>
    </message>
    <message>
        <source>Not in the catalog</source>
        <translation>ليست في الفهرس</translation>
    </message>
    <message>
        <source>Its time in the catalog is over</source>
        <translation>انتهت مدتها في الفهرس</translation>
    </message>
    <message>
        <source>Not as the catalog declares it</source>
        <translation>ليست كما يعلنها الفهرس</translation>
    </message>
</context>
<context>
    <name>LossList</name>
    <message>
        <source>Recorded, and not sent or not kept</source>
        <translation>سُجّلت ولم تُرسل أو لم تُحفظ</translation>
    </message>
    <message>
        <source>Nothing was lost.</source>
        <translation>لم يضع شيء.</translation>
    </message>
    <message>
        <source>Never recorded</source>
        <translation>لم تُسجَّل قط</translation>
    </message>
    <message>
        <source>Nothing was withheld.</source>
        <translation>لم يُمنع شيء.</translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>Starting…</source>
        <translation>جارٍ البدء…</translation>
    </message>
    <message>
        <source>New &amp;report</source>
        <translation>&amp;تقرير جديد</translation>
    </message>
    <message>
        <source>New report from a &amp;screenshot</source>
        <translation>تقرير جديد من صورة ال&amp;شاشة</translation>
    </message>
    <message>
        <source>O&amp;pen Miratag</source>
        <translation>&amp;فتح Miratag</translation>
    </message>
    <message>
        <source>Pri&amp;vacy</source>
        <translation>ال&amp;خصوصية</translation>
    </message>
    <message>
        <source>Se&amp;ttings</source>
        <translation>الإ&amp;عدادات</translation>
    </message>
    <message>
        <source>A&amp;ccounts</source>
        <translation>الحسا&amp;بات</translation>
    </message>
    <message>
        <source>Check &amp;in {name} at {place}</source>
        <translation>تسجيل &amp;حضور {name} في {place}</translation>
    </message>
    <message>
        <source>Check &amp;out {name}</source>
        <translation>تسجيل ان&amp;صراف {name}</translation>
    </message>
    <message>
        <source>Ti&amp;mesheet</source>
        <translation>&amp;كشف الساعات</translation>
    </message>
    <message>
        <source>When did you &amp;leave {place}?</source>
        <translation>متى &amp;غادرت {place}؟</translation>
    </message>
    <message>
        <source>End &amp;break</source>
        <translation>إنهاء الا&amp;ستراحة</translation>
    </message>
    <message>
        <source>Start &amp;break</source>
        <translation>بدء ا&amp;ستراحة</translation>
    </message>
    <message>
        <source>Check in {name} &amp;elsewhere</source>
        <translation>تسجيل حضور {name} في &amp;مكان آخر</translation>
    </message>
    <message>
        <source>Other place…</source>
        <translation>مكان آخر…</translation>
    </message>
    <message>
        <source>Enter the &amp;code of {place}…</source>
        <translation>إدخال &amp;رمز {place}…</translation>
    </message>
    <message>
        <source>Check in with a n&amp;ote…</source>
        <translation>تسجيل الحضور مع م&amp;لاحظة…</translation>
    </message>
    <message>
        <source>Check in with a ph&amp;oto…</source>
        <translation>تسجيل الحضور مع ص&amp;ورة…</translation>
    </message>
    <message>
        <source>(without code, note and photo)</source>
        <translation>(دون رمز وملاحظة وصورة)</translation>
    </message>
    <message>
        <source>(without code and photo)</source>
        <translation>(دون رمز وصورة)</translation>
    </message>
    <message>
        <source>(without note and photo)</source>
        <translation>(دون ملاحظة وصورة)</translation>
    </message>
    <message>
        <source>(without a photo)</source>
        <translation>(دون صورة)</translation>
    </message>
    <message>
        <source>(without code and note)</source>
        <translation>(دون رمز وملاحظة)</translation>
    </message>
    <message>
        <source>(without code)</source>
        <translation>(دون رمز)</translation>
    </message>
    <message>
        <source>(without a note)</source>
        <translation>(دون ملاحظة)</translation>
    </message>
    <message>
        <source>Chec&amp;klists</source>
        <translation>قوائم الت&amp;حقق</translation>
    </message>
    <message>
        <source>&amp;Needs you ({count})</source>
        <translation>&amp;يحتاج إلى تدخلك ({count})</translation>
    </message>
    <message>
        <source>Sending is paused</source>
        <translation>الإرسال متوقف مؤقتًا</translation>
    </message>
    <message numerus="yes">
        <source>Sending (%n waiting)</source>
        <translation>
            <numerusform>الإرسال (لا شيء ينتظر)</numerusform>
            <numerusform>الإرسال (واحد ينتظر)</numerusform>
            <numerusform>الإرسال (اثنان ينتظران)</numerusform>
            <numerusform>الإرسال (%Ln تنتظر)</numerusform>
            <numerusform>الإرسال (%Ln ينتظر)</numerusform>
            <numerusform>الإرسال (%Ln ينتظر)</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on sending</source>
        <translation>متابعة الإرسال</translation>
    </message>
    <message>
        <source>Pause sending</source>
        <translation>إيقاف الإرسال مؤقتًا</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>الإرسال الآن</translation>
    </message>
    <message>
        <source>Add an account…</source>
        <translation>إضافة حساب…</translation>
    </message>
    <message>
        <source>Sign out {name}</source>
        <translation>تسجيل خروج {name}</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Quit (%n item(s) stay saved here)</source>
        <translation>
            <numerusform>إن&amp;هاء</numerusform>
            <numerusform>إن&amp;هاء (عنصر واحد يبقى محفوظًا هنا)</numerusform>
            <numerusform>إن&amp;هاء (عنصران يبقيان محفوظين هنا)</numerusform>
            <numerusform>إن&amp;هاء (%Ln عناصر تبقى محفوظة هنا)</numerusform>
            <numerusform>إن&amp;هاء (%Ln عنصرًا يبقى محفوظًا هنا)</numerusform>
            <numerusform>إن&amp;هاء (%Ln عنصر يبقى محفوظًا هنا)</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>إن&amp;هاء</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Choose an item to read it here.</source>
        <translation>اختر عنصرًا لقراءته هنا.</translation>
    </message>
    <message>
        <source>Miratag</source>
        <translation>Miratag</translation>
    </message>
    <message>
        <source>What this computer sends, and what it may</source>
        <translation>ما يرسله هذا الحاسوب، وما يُسمح له بإرساله</translation>
    </message>
    <message>
        <source>The link names a place that your organization does not have here. Choose it yourself.</source>
        <translation>يذكر الرابط مكانًا ليس لدى مؤسستك هنا. اختر المكان بنفسك.</translation>
    </message>
    <message>
        <source>Screen {time}.png</source>
        <translation>الشاشة {time}.png</translation>
    </message>
    <message>
        <source>You are checked out of {place} first.</source>
        <translation>يُسجَّل انصرافك من {place} أولًا.</translation>
    </message>
    <message>
        <source>Check in {name}</source>
        <translation>تسجيل حضور {name}</translation>
    </message>
    <message>
        <source>Opening what is saved on this computer…</source>
        <translation>جارٍ فتح ما حُفظ على هذا الحاسوب…</translation>
    </message>
</context>
<context>
    <name>ManyOf</name>
    <message>
        <source>Type a part of its name</source>
        <translation>اكتب جزءًا من اسمه</translation>
    </message>
    <message>
        <source>Search in {label}</source>
        <translation>البحث في {label}</translation>
    </message>
    <message>
        <source>Chosen: {names}</source>
        <translation>المختار: {names}</translation>
    </message>
</context>
<context>
    <name>Media</name>
    <message>
        <source>Pasted picture</source>
        <translation>صورة ملصقة</translation>
    </message>
    <message numerus="yes">
        <source>At most %n file(s) go here; the rest was not added.</source>
        <translation>
            <numerusform>لا تُضاف ملفات هنا؛ لم يُضف الباقي.</numerusform>
            <numerusform>يُضاف هنا ملف واحد على الأكثر؛ لم يُضف الباقي.</numerusform>
            <numerusform>يُضاف هنا ملفان على الأكثر؛ لم يُضف الباقي.</numerusform>
            <numerusform>تُضاف هنا %Ln ملفات على الأكثر؛ لم يُضف الباقي.</numerusform>
            <numerusform>يُضاف هنا %Ln ملفًا على الأكثر؛ لم يُضف الباقي.</numerusform>
            <numerusform>يُضاف هنا %Ln ملف على الأكثر؛ لم يُضف الباقي.</numerusform>
        </translation>
    </message>
    <message>
        <source>Photos (*.jpg *.jpeg *.png *.webp *.gif *.heic)</source>
        <translation>صور (*.jpg *.jpeg *.png *.webp *.gif *.heic)</translation>
    </message>
    <message>
        <source>Videos (*.mp4 *.mov *.webm)</source>
        <translation>مقاطع فيديو (*.mp4 *.mov *.webm)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>كل الملفات (*)</translation>
    </message>
    <message>
        <source>Add photo</source>
        <translation>إضافة صورة</translation>
    </message>
    <message>
        <source>Add video</source>
        <translation>إضافة فيديو</translation>
    </message>
    <message>
        <source>Add file</source>
        <translation>إضافة ملف</translation>
    </message>
</context>
<context>
    <name>Moment</name>
    <message>
        <source>Choose…</source>
        <translation>اختر…</translation>
    </message>
    <message>
        <source>Clear {label}</source>
        <translation>مسح {label}</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>الآن</translation>
    </message>
</context>
<context>
    <name>MyData</name>
    <message>
        <source>Everything about me</source>
        <translation>كل ما يخصني</translation>
    </message>
    <message>
        <source>Your reports with their files, check-ins, comments, choices and log data, from this computer and from your organization&apos;s server, as one ZIP.</source>
        <translation>تقاريرك مع ملفاتها وتسجيلات حضورك وتعليقاتك واختياراتك وسجلات التطبيق، من هذا الحاسوب ومن خادم مؤسستك، في ملف ZIP واحد.</translation>
    </message>
    <message>
        <source>&amp;Save as ZIP…</source>
        <translation>حف&amp;ظ بصيغة ZIP…</translation>
    </message>
    <message>
        <source>Ask my organization to erase</source>
        <translation>طلب الحذف من مؤسستي</translation>
    </message>
    <message>
        <source>Your organization answers for what it keeps about you. It may erase it, or say until when and why it has to keep it. The answer is signed and appears here.</source>
        <translation>مؤسستك مسؤولة عما تحفظه عنك. قد تحذفه، أو تبيّن إلى متى يجب أن تحفظه ولماذا. الرد موقّع ويظهر هنا.</translation>
    </message>
    <message>
        <source>&amp;Ask for erasure</source>
        <translation>&amp;طلب الحذف</translation>
    </message>
    <message>
        <source>&amp;What should be erased?</source>
        <translation>&amp;ما الذي يُحذف؟</translation>
    </message>
    <message>
        <source>All of it, for example</source>
        <translation>كله، مثلًا</translation>
    </message>
    <message>
        <source>Installation id</source>
        <translation>معرّف التثبيت</translation>
    </message>
    <message>
        <source>Log data leaves under a random number that is not your name. With a new one, what comes cannot be tied to what was sent before. What was sent before can still be erased.</source>
        <translation>تُرسل سجلات التطبيق برقم عشوائي لا باسمك. وبرقم جديد لا يمكن ربط ما سيُرسل بما أُرسل من قبل. ويبقى حذف ما أُرسل من قبل ممكنًا.</translation>
    </message>
    <message>
        <source>&amp;New number</source>
        <translation>رقم &amp;جديد</translation>
    </message>
    <message>
        <source>This computer&apos;s copy</source>
        <translation>نسخة هذا الحاسوب</translation>
    </message>
    <message>
        <source>Signs you out and deletes everything that this computer keeps of this account. What your organization has received stays with your organization.</source>
        <translation>يسجّل خروجك ويحذف كل ما يحفظه هذا الحاسوب من هذا الحساب. ما استلمته مؤسستك يبقى لدى مؤسستك.</translation>
    </message>
    <message>
        <source>&amp;Erase it here</source>
        <translation>ح&amp;ذفها هنا</translation>
    </message>
    <message>
        <source>Delete the &amp;unsent work, too</source>
        <translation>حذف العمل &amp;غير المُرسل أيضًا</translation>
    </message>
</context>
<context>
    <name>NeedsYou</name>
    <message>
        <source>Save to a &amp;file…</source>
        <translation>حفظ في &amp;ملف…</translation>
    </message>
    <message>
        <source>Save all that needs you to a file, for yourself or whoever helps you</source>
        <translation>حفظ كل ما يحتاج إلى تدخلك في ملف، لك أو لمن يساعدك</translation>
    </message>
    <message>
        <source>Needs you ({count})</source>
        <translation>يحتاج إلى تدخلك ({count})</translation>
    </message>
    <message>
        <source>Returned: {title}</source>
        <translation>مُعاد للتصحيح: {title}</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>إعادة المحاولة</translation>
    </message>
    <message>
        <source>Retry {title}</source>
        <translation>إعادة محاولة {title}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>فتح</translation>
    </message>
    <message>
        <source>Open {title}</source>
        <translation>فتح {title}</translation>
    </message>
    <message>
        <source>Save what needs you</source>
        <translation>حفظ ما يحتاج إلى تدخلك</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>يحتاج إلى تدخلك</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) are saved in {path}.</source>
        <translation>
            <numerusform>لم يُحفظ شيء في {path}.</numerusform>
            <numerusform>حُفظ عنصر واحد في {path}.</numerusform>
            <numerusform>حُفظ عنصران في {path}.</numerusform>
            <numerusform>حُفظت %Ln عناصر في {path}.</numerusform>
            <numerusform>حُفظ %Ln عنصرًا في {path}.</numerusform>
            <numerusform>حُفظ %Ln عنصر في {path}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>News</name>
    <message numerus="yes">
        <source>%n report(s) returned</source>
        <translation>
            <numerusform>لا تقارير مُعادة</numerusform>
            <numerusform>تقرير واحد مُعاد للتصحيح</numerusform>
            <numerusform>تقريران مُعادان للتصحيح</numerusform>
            <numerusform>%Ln تقارير مُعادة للتصحيح</numerusform>
            <numerusform>%Ln تقريرًا مُعادًا للتصحيح</numerusform>
            <numerusform>%Ln تقرير مُعاد للتصحيح</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) rejected</source>
        <translation>
            <numerusform>لا تقارير مرفوضة</numerusform>
            <numerusform>تقرير واحد مرفوض</numerusform>
            <numerusform>تقريران مرفوضان</numerusform>
            <numerusform>%Ln تقارير مرفوضة</numerusform>
            <numerusform>%Ln تقريرًا مرفوضًا</numerusform>
            <numerusform>%Ln تقرير مرفوض</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) in two versions</source>
        <translation>
            <numerusform>لا تقارير بنسختين</numerusform>
            <numerusform>تقرير واحد بنسختين</numerusform>
            <numerusform>تقريران بنسختين</numerusform>
            <numerusform>%Ln تقارير بنسختين</numerusform>
            <numerusform>%Ln تقريرًا بنسختين</numerusform>
            <numerusform>%Ln تقرير بنسختين</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) commented</source>
        <translation>
            <numerusform>لا تعليقات جديدة</numerusform>
            <numerusform>تعليق على تقرير واحد</numerusform>
            <numerusform>تعليقات على تقريرين</numerusform>
            <numerusform>تعليقات على %Ln تقارير</numerusform>
            <numerusform>تعليقات على %Ln تقريرًا</numerusform>
            <numerusform>تعليقات على %Ln تقرير</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) approved</source>
        <translation>
            <numerusform>لا تقارير معتمدة</numerusform>
            <numerusform>تقرير واحد معتمد</numerusform>
            <numerusform>تقريران معتمدان</numerusform>
            <numerusform>%Ln تقارير معتمدة</numerusform>
            <numerusform>%Ln تقريرًا معتمدًا</numerusform>
            <numerusform>%Ln تقرير معتمد</numerusform>
        </translation>
    </message>
    <message>
        <source>Your shift starts: {what}</source>
        <translation>تبدأ مناوبتك: {what}</translation>
    </message>
    <message>
        <source>You are still checked in: {what}</source>
        <translation>ما زلت حاضرًا: {what}</translation>
    </message>
    <message>
        <source>Your report is due: {what}</source>
        <translation>حان موعد تقريرك: {what}</translation>
    </message>
    <message>
        <source>A correction of yours is decided</source>
        <translation>تقرر في تصحيح لك</translation>
    </message>
    <message>
        <source>Corrections of yours are decided: {count}</source>
        <translation>تصحيحات لك تقرر فيها: {count}</translation>
    </message>
    <message>
        <source>Open Miratag to check in when you are there.</source>
        <translation>افتح Miratag لتسجّل حضورك عندما تصل.</translation>
    </message>
    <message>
        <source>Open Miratag to check out if you have left.</source>
        <translation>افتح Miratag لتسجّل انصرافك إذا غادرت.</translation>
    </message>
    <message>
        <source>Open Miratag to write it.</source>
        <translation>افتح Miratag لتكتبه.</translation>
    </message>
    <message>
        <source>Open Miratag to read it.</source>
        <translation>افتح Miratag لتقرأه.</translation>
    </message>
</context>
<context>
    <name>NowCard</name>
    <message>
        <source>&amp;Other place…</source>
        <translation>م&amp;كان آخر…</translation>
    </message>
    <message>
        <source>Not &amp;there</source>
        <translation>لست &amp;هناك</translation>
    </message>
    <message>
        <source>Write the day’s &amp;report</source>
        <translation>كتابة &amp;تقرير اليوم</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>ترا&amp;جع</translation>
    </message>
    <message>
        <source>Start &amp;break</source>
        <translation>بدء ا&amp;ستراحة</translation>
    </message>
    <message>
        <source>Check in {name}…</source>
        <translation>تسجيل حضور {name}…</translation>
    </message>
    <message>
        <source>Check in {name} at {place}</source>
        <translation>تسجيل حضور {name} في {place}</translation>
    </message>
    <message>
        <source>Chec&amp;k out {name}</source>
        <translation>تسجيل ان&amp;صراف {name}</translation>
    </message>
    <message>
        <source>End {name}’s break</source>
        <translation>إنهاء استراحة {name}</translation>
    </message>
    <message>
        <source>Check out {name}</source>
        <translation>تسجيل انصراف {name}</translation>
    </message>
    <message>
        <source>You choose the place next. It is recorded as chosen by hand, with this computer&apos;s time.</source>
        <translation>بعد ذلك تختار المكان. يُسجَّل على أنه اختير يدويًا، بوقت هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Recorded with this computer&apos;s time. No position is taken.</source>
        <translation>يُسجَّل بوقت هذا الحاسوب. لا يُؤخذ أي موقع جغرافي.</translation>
    </message>
    <message>
        <source>It stays here until it can be sent.</source>
        <translation>يبقى هنا إلى أن يمكن إرساله.</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>حُفظ {time}</translation>
    </message>
    <message>
        <source>Not checked in</source>
        <translation>لم يُسجَّل الحضور</translation>
    </message>
    <message>
        <source>On break · {place} · in since {time} ({elapsed})</source>
        <translation>في استراحة · {place} · الحضور منذ {time} ({elapsed})</translation>
    </message>
    <message>
        <source>Checked in · {place} · since {time} ({elapsed})</source>
        <translation>حاضر · {place} · منذ {time} ({elapsed})</translation>
    </message>
</context>
<context>
    <name>OneOf</name>
    <message>
        <source>Clear</source>
        <translation>مسح</translation>
    </message>
    <message>
        <source>Clear {label}</source>
        <translation>مسح {label}</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>اختر…</translation>
    </message>
</context>
<context>
    <name>OpenEndCard</name>
    <message>
        <source>&amp;Another time</source>
        <translation>&amp;وقت آخر</translation>
    </message>
    <message>
        <source>When you left</source>
        <translation>متى غادرت</translation>
    </message>
    <message>
        <source>Save &amp;end</source>
        <translation>&amp;حفظ الانصراف</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>&amp;لاحقًا</translation>
    </message>
    <message>
        <source>Why the end is given now</source>
        <translation>لماذا يُسجَّل الانصراف الآن</translation>
    </message>
    <message>
        <source>For example: I forgot to check out</source>
        <translation>مثلًا: نسيت تسجيل الانصراف</translation>
    </message>
    <message>
        <source>&amp;Why it was not given then</source>
        <translation>ل&amp;ماذا لم يُسجَّل في حينه</translation>
    </message>
    <message>
        <source>It is recorded as completed later, with your reason. Later asks you again in four hours.</source>
        <translation>يُسجَّل على أنه أُكمل لاحقًا، مع السبب الذي تكتبه. «لاحقًا» يسألك من جديد بعد أربع ساعات.</translation>
    </message>
    <message>
        <source>You are still checked in at {place} since {time}. When did you leave?</source>
        <translation>ما زلت حاضرًا في {place} منذ {time}. متى غادرت؟</translation>
    </message>
    <message>
        <source>Your time at {place} that began {time} has no end. When did you leave?</source>
        <translation>حضورك في {place} الذي بدأ {time} بلا انصراف. متى غادرت؟</translation>
    </message>
    <message>
        <source>Choose when you left, or enter another time.</source>
        <translation>اختر متى غادرت، أو أدخل وقتًا آخر.</translation>
    </message>
    <message>
        <source>It must be after {first} and not after {last}.</source>
        <translation>يجب أن يكون بعد {first} وألا يتجاوز {last}.</translation>
    </message>
    <message>
        <source>Say in a few words why it was not given then.</source>
        <translation>قل في كلمات قليلة لماذا لم يُسجَّل في حينه.</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Your reports and check-ins go to your organization in any case: they are your work.</source>
        <translation>تقاريرك وتسجيلات حضورك تصل إلى مؤسستك في كل الأحوال: فهي عملك.</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>الاختيارات</translation>
    </message>
    <message>
        <source>What may leave besides your work, and what exactly that would be.</source>
        <translation>ما يجوز أن يُرسل غير عملك، وما هو بالضبط.</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>الاتصالات</translation>
    </message>
    <message>
        <source>Everything this program may connect to, and what it did.</source>
        <translation>كل ما قد يتصل به هذا البرنامج، وما فعله.</translation>
    </message>
    <message>
        <source>Log data</source>
        <translation>سجلات التطبيق</translation>
    </message>
    <message>
        <source>What is next to send, what was sent, and what was not.</source>
        <translation>التالي للإرسال، وما أُرسل، وما لم يُرسل.</translation>
    </message>
    <message>
        <source>Erasure</source>
        <translation>الحذف</translation>
    </message>
    <message>
        <source>Have log data that was sent erased, with a signed receipt.</source>
        <translation>حذف سجلات التطبيق التي أُرسلت، بإيصال موقّع.</translation>
    </message>
    <message>
        <source>Cookies</source>
        <translation>ملفات تعريف الارتباط</translation>
    </message>
    <message>
        <source>What your organization&apos;s server keeps in this program.</source>
        <translation>ما يحفظه خادم مؤسستك في هذا البرنامج.</translation>
    </message>
    <message>
        <source>My data</source>
        <translation>بياناتي</translation>
    </message>
    <message>
        <source>All of it as one file, asking for its erasure, and this computer&apos;s copy.</source>
        <translation>كلها في ملف واحد، وطلب حذفها، ونسخة هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Policies</source>
        <translation>سياسة الخصوصية</translation>
    </message>
    <message>
        <source>The privacy policy, what changed in it, and whom to ask.</source>
        <translation>سياسة الخصوصية، وما تغيّر فيها، ومن تسأل.</translation>
    </message>
    <message>
        <source>You allowed: {choices}.</source>
        <translation>سمحت بما يلي: {choices}.</translation>
    </message>
    <message>
        <source>Nothing optional leaves this computer. You never have to allow any of it.</source>
        <translation>لا يغادر هذا الحاسوب شيء اختياري. لست مضطرًا أبدًا إلى السماح بشيء منه.</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
</context>
<context>
    <name>Paper</name>
    <message>
        <source>Written {time}</source>
        <translation>كُتب {time}</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>النص</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>الصور</translation>
    </message>
    <message>
        <source>Other files</source>
        <translation>ملفات أخرى</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>الإيصال</translation>
    </message>
    <message>
        <source>This picture could not be read here.</source>
        <translation>تعذرت قراءة هذه الصورة هنا.</translation>
    </message>
    <message>
        <source>Page {number} of {count}</source>
        <translation>الصفحة {number} من {count}</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>حُفظ {time}</translation>
    </message>
    <message>
        <source>The server has not signed a receipt for this report yet.</source>
        <translation>لم يوقّع الخادم إيصالًا لهذا التقرير بعد.</translation>
    </message>
    <message>
        <source>The receipt is kept with the report and could not be read for this page.</source>
        <translation>الإيصال محفوظ مع التقرير وتعذرت قراءته لهذه الصفحة.</translation>
    </message>
    <message>
        <source>The server has signed that it holds this report since {time}.</source>
        <translation>وقّع الخادم أن هذا التقرير محفوظ لديه منذ {time}.</translation>
    </message>
    <message>
        <source>Report {id}</source>
        <translation>التقرير {id}</translation>
    </message>
    <message>
        <source>Version {id}</source>
        <translation>النسخة {id}</translation>
    </message>
    <message>
        <source>Signed with key {id}</source>
        <translation>موقّع بالمفتاح {id}</translation>
    </message>
</context>
<context>
    <name>PhotoAfterwards</name>
    <message>
        <source>Your organization asks for a photo with this check-in.</source>
        <translation>تطلب مؤسستك صورة مع تسجيل الحضور هذا.</translation>
    </message>
    <message>
        <source>Add &amp;it to the check-in</source>
        <translation>إ&amp;ضافتها إلى تسجيل الحضور</translation>
    </message>
</context>
<context>
    <name>PlaceChoice</name>
    <message>
        <source>Type a part of its name</source>
        <translation>اكتب جزءًا من اسمه</translation>
    </message>
    <message>
        <source>&amp;Find a place</source>
        <translation>ال&amp;بحث عن مكان</translation>
    </message>
    <message>
        <source>&amp;Places</source>
        <translation>الأما&amp;كن</translation>
    </message>
    <message>
        <source>&amp;Where, if it is not in the list</source>
        <translation>أي&amp;ن، إذا لم يكن في القائمة</translation>
    </message>
    <message>
        <source>Where, if it is not in the list</source>
        <translation>أين، إذا لم يكن في القائمة</translation>
    </message>
    <message numerus="yes">
        <source>%n more: type a part of the name to find them.</source>
        <translation>
            <numerusform>لا أماكن أخرى.</numerusform>
            <numerusform>مكان آخر: اكتب جزءًا من الاسم لتجده.</numerusform>
            <numerusform>مكانان آخران: اكتب جزءًا من الاسم لتجدهما.</numerusform>
            <numerusform>%Ln أماكن أخرى: اكتب جزءًا من الاسم لتجدها.</numerusform>
            <numerusform>%Ln مكانًا آخر: اكتب جزءًا من الاسم لتجدها.</numerusform>
            <numerusform>%Ln مكان آخر: اكتب جزءًا من الاسم لتجدها.</numerusform>
        </translation>
    </message>
    <message>
        <source>No place has this in its name.</source>
        <translation>لا مكان في اسمه هذا.</translation>
    </message>
    <message>
        <source>No places yet.</source>
        <translation>لا أماكن بعد.</translation>
    </message>
    <message>
        <source>No longer &amp;first in the list</source>
        <translation>إزالة من أ&amp;ول القائمة</translation>
    </message>
    <message>
        <source>Always &amp;first in the list</source>
        <translation>دائمًا أ&amp;ول القائمة</translation>
    </message>
    <message>
        <source>{place}, favourite</source>
        <translation>{place}، مفضّل</translation>
    </message>
</context>
<context>
    <name>PlaceField</name>
    <message>
        <source>Clear {label}</source>
        <translation>مسح {label}</translation>
    </message>
    <message>
        <source>A place that is not known here</source>
        <translation>مكان غير معروف هنا</translation>
    </message>
    <message>
        <source>Choose a place…</source>
        <translation>اختر مكانًا…</translation>
    </message>
    <message>
        <source>Use this place</source>
        <translation>استخدام هذا المكان</translation>
    </message>
</context>
<context>
    <name>Policies</name>
    <message>
        <source>A change of the policy turns nothing on here, and your work never waits for an answer to it.</source>
        <translation>تغيير السياسة لا يشغّل شيئًا هنا، ولا ينتظر عملك أبدًا ردًا عليه.</translation>
    </message>
    <message>
        <source>Your organization&apos;s server has no policy text. Ask your organization for it.</source>
        <translation>ليس لدى خادم مؤسستك نص للسياسة. اطلبه من مؤسستك.</translation>
    </message>
    <message>
        <source>Whom to ask</source>
        <translation>من تسأل</translation>
    </message>
    <message>
        <source>About your data, ask your organization: {name}</source>
        <translation>عن بياناتك اسأل مؤسستك: {name}</translation>
    </message>
    <message>
        <source>The server is run by: {operator}</source>
        <translation>مشغّل الخادم: {operator}</translation>
    </message>
    <message>
        <source>in effect since {when}</source>
        <translation>سارية منذ {when}</translation>
    </message>
    <message>
        <source>from {when}</source>
        <translation>اعتبارًا من {when}</translation>
    </message>
    <message>
        <source>accepted by you</source>
        <translation>قبلتها أنت</translation>
    </message>
    <message>
        <source>you went on using the service</source>
        <translation>واصلت استخدام الخدمة</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>النسخة {number}</translation>
    </message>
</context>
<context>
    <name>PolicyPage</name>
    <message>
        <source>What changed</source>
        <translation>ما تغيّر</translation>
    </message>
    <message>
        <source>&amp;Accept this version</source>
        <translation>&amp;قبول هذه النسخة</translation>
    </message>
    <message>
        <source>Noted that you accepted this version.</source>
        <translation>سُجّل أنك قبلت هذه النسخة.</translation>
    </message>
</context>
<context>
    <name>Privacy</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>لا طلبات</numerusform>
            <numerusform>طلب واحد</numerusform>
            <numerusform>طلبان</numerusform>
            <numerusform>%Ln طلبات</numerusform>
            <numerusform>%Ln طلبًا</numerusform>
            <numerusform>%Ln طلب</numerusform>
        </translation>
    </message>
    <message>
        <source>Fault reports</source>
        <translation>بلاغات الأعطال</translation>
    </message>
    <message>
        <source>Usage counts</source>
        <translation>أعداد الاستخدام</translation>
    </message>
    <message>
        <source>Outside analytics</source>
        <translation>تحليلات خارجية</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>تسجيل الدخول</translation>
    </message>
    <message>
        <source>Reports and check-ins</source>
        <translation>التقارير وتسجيلات الحضور</translation>
    </message>
    <message>
        <source>Photos and files</source>
        <translation>الصور والملفات</translation>
    </message>
    <message>
        <source>Settings and keys</source>
        <translation>الإعدادات والمفاتيح</translation>
    </message>
    <message>
        <source>Log data</source>
        <translation>سجلات التطبيق</translation>
    </message>
    <message>
        <source>Erasure of log data</source>
        <translation>حذف سجلات التطبيق</translation>
    </message>
    <message>
        <source>Updates</source>
        <translation>التحديثات</translation>
    </message>
    <message>
        <source>that Miratag was started, and how</source>
        <translation>أن Miratag بدأ، وكيف</translation>
    </message>
    <message>
        <source>that a report was sent, its rough size and number of files</source>
        <translation>أن تقريرًا أُرسل، وحجمه التقريبي وعدد الملفات</translation>
    </message>
    <message>
        <source>that you checked in or out or took a break, not where</source>
        <translation>أنك سجّلت الحضور أو الانصراف أو أخذت استراحة، لا أين</translation>
    </message>
    <message>
        <source>whether sending worked, and how long it took</source>
        <translation>هل نجح الإرسال، وكم استغرق</translation>
    </message>
    <message>
        <source>what failed in the program, without anything you wrote</source>
        <translation>ما تعطل في البرنامج، دون أي شيء كتبته</translation>
    </message>
    <message>
        <source>that a file of Miratag was found damaged</source>
        <translation>أن ملفًا من ملفات Miratag وُجد تالفًا</translation>
    </message>
    <message>
        <source>that the keyring was absent, locked or did not answer</source>
        <translation>أن مخزن كلمات المرور غائب أو مقفل أو لم يستجب</translation>
    </message>
    <message>
        <source>that Miratag was started, and how; for the outside service</source>
        <translation>أن Miratag بدأ، وكيف؛ للخدمة الخارجية</translation>
    </message>
    <message>
        <source>that a report was sent; for the outside service</source>
        <translation>أن تقريرًا أُرسل؛ للخدمة الخارجية</translation>
    </message>
    <message>
        <source>Position at a check-in</source>
        <translation>الموقع الجغرافي عند تسجيل الحضور</translation>
    </message>
    <message>
        <source>Known network at a check-in</source>
        <translation>الشبكة المعروفة عند تسجيل الحضور</translation>
    </message>
    <message>
        <source>Last use of this computer</source>
        <translation>آخر استخدام لهذا الحاسوب</translation>
    </message>
    <message>
        <source>Details of photos and files</source>
        <translation>تفاصيل الصور والملفات</translation>
    </message>
    <message>
        <source>Cookies that stay</source>
        <translation>ملفات تعريف الارتباط الباقية</translation>
    </message>
    <message>
        <source>Everything is off.</source>
        <translation>كل شيء متوقف.</translation>
    </message>
    <message>
        <source>{on} of {all} are on.</source>
        <translation>المشغّل {on} من {all}.</translation>
    </message>
    <message>
        <source>None of {all} was used yet.</source>
        <translation>لم يُستخدم أي من {all} بعد.</translation>
    </message>
    <message>
        <source>{used} of {all} were used.</source>
        <translation>استُخدم {used} من {all}.</translation>
    </message>
    <message>
        <source>Waiting here: {count}</source>
        <translation>ينتظر هنا: {count}</translation>
    </message>
    <message>
        <source>sent: {count}</source>
        <translation>أُرسل: {count}</translation>
    </message>
    <message>
        <source>Asked for: {count}</source>
        <translation>المطلوب: {count}</translation>
    </message>
    <message>
        <source>waiting for the receipt: {count}</source>
        <translation>في انتظار الإيصال: {count}</translation>
    </message>
    <message>
        <source>every receipt is here</source>
        <translation>كل الإيصالات هنا</translation>
    </message>
    <message>
        <source>one of {values}</source>
        <translation>واحد من {values}</translation>
    </message>
    <message>
        <source>yes or no</source>
        <translation>نعم أو لا</translation>
    </message>
    <message>
        <source>text of the program, at most {limit} characters, secrets taken out</source>
        <translation>نص من البرنامج، {limit} حرف على الأكثر، بعد إزالة الأسرار</translation>
    </message>
    <message>
        <source>a rough number up to {limit}, rounded to a power of two</source>
        <translation>رقم تقريبي حتى {limit}، مقرّب إلى قوة للعدد اثنين</translation>
    </message>
    <message>
        <source>a number up to {limit}</source>
        <translation>رقم حتى {limit}</translation>
    </message>
    <message>
        <source>{purpose} Kept for {days}.</source>
        <translation>{purpose} مدة الحفظ: {days}.</translation>
    </message>
</context>
<context>
    <name>PrivacyCard</name>
    <message>
        <source>Your first report has arrived. About how you use Miratag and what goes wrong in it, nothing is sent: that is off. The Privacy page shows all that leaves this computer, and lets you choose.</source>
        <translation>وصل تقريرك الأول. لا يُرسل شيء عن كيفية استخدامك Miratag ولا عمّا يتعطل فيه: ذلك متوقف. تعرض صفحة الخصوصية كل ما يغادر هذا الحاسوب، وتتيح لك الاختيار.</translation>
    </message>
    <message>
        <source>See &amp;Privacy</source>
        <translation>عرض ال&amp;خصوصية</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;ليس الآن</translation>
    </message>
</context>
<context>
    <name>PrivacyCentre</name>
    <message>
        <source>Choices</source>
        <translation>الاختيارات</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>الاتصالات</translation>
    </message>
    <message>
        <source>Cookies</source>
        <translation>ملفات تعريف الارتباط</translation>
    </message>
    <message>
        <source>Erasure</source>
        <translation>الحذف</translation>
    </message>
    <message>
        <source>Log data</source>
        <translation>سجلات التطبيق</translation>
    </message>
    <message>
        <source>My data</source>
        <translation>بياناتي</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>الخصوصية</translation>
    </message>
    <message>
        <source>{sentence}.</source>
        <translation>{sentence}.</translation>
    </message>
    <message>
        <source>Policies</source>
        <translation>سياسة الخصوصية</translation>
    </message>
</context>
<context>
    <name>QGuiApplication</name>
    <message>
        <source>QT_LAYOUT_DIRECTION</source>
        <translation>RTL</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Miratag</source>
        <translation>Miratag</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>إبقاؤه</translation>
    </message>
</context>
<context>
    <name>Receivers</name>
    <message>
        <source>Passed on to {name}, new since you allowed it</source>
        <translation>يُمرَّر إلى {name}، وهو جديد منذ سماحك</translation>
    </message>
    <message>
        <source>Passed on to {name}</source>
        <translation>يُمرَّر إلى {name}</translation>
    </message>
    <message>
        <source>It gets: {what}</source>
        <translation>ما يصل إليه: {what}</translation>
    </message>
</context>
<context>
    <name>Record</name>
    <message>
        <source>Miratag was started</source>
        <translation>بدء Miratag</translation>
    </message>
    <message>
        <source>A report was sent</source>
        <translation>إرسال تقرير</translation>
    </message>
    <message>
        <source>A check-in, check-out or break</source>
        <translation>تسجيل حضور أو انصراف أو استراحة</translation>
    </message>
    <message>
        <source>Sending ended</source>
        <translation>انتهاء إرسال</translation>
    </message>
    <message>
        <source>A fault in the program</source>
        <translation>عطل في البرنامج</translation>
    </message>
    <message>
        <source>A damaged file was set aside</source>
        <translation>وضع ملف تالف جانبًا</translation>
    </message>
    <message>
        <source>The keyring did not answer</source>
        <translation>عدم استجابة مخزن كلمات المرور</translation>
    </message>
</context>
<context>
    <name>RecordPage</name>
    <message>
        <source>What it says</source>
        <translation>ما ورد فيه</translation>
    </message>
    <message>
        <source>What goes with it</source>
        <translation>ما يرافقه</translation>
    </message>
    <message>
        <source>Nothing besides its name.</source>
        <translation>لا شيء غير اسمه.</translation>
    </message>
    <message>
        <source>&amp;Remove this record</source>
        <translation>إ&amp;زالة هذا السجل</translation>
    </message>
</context>
<context>
    <name>ReportFiles</name>
    <message>
        <source>Take “{name}” off this report? A new version of the report without it is sent.</source>
        <translation>هل تزيل «{name}» من هذا التقرير؟ تُرسل نسخة جديدة من التقرير بدونه.</translation>
    </message>
    <message>
        <source>Take off</source>
        <translation>إزالة</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>Text of the report</source>
        <translation>نص التقرير</translation>
    </message>
    <message>
        <source>Correct it</source>
        <translation>تصحيحه</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>إعادة المحاولة</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>تراجع</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>تع&amp;ديل</translation>
    </message>
    <message>
        <source>Copy receipt</source>
        <translation>نسخ الإيصال</translation>
    </message>
    <message>
        <source>Copy as &amp;new</source>
        <translation>نسخ إلى تقرير &amp;جديد</translation>
    </message>
    <message>
        <source>Save to a &amp;folder…</source>
        <translation>حفظ في &amp;مجلد…</translation>
    </message>
    <message>
        <source>Save as &amp;PDF…</source>
        <translation>حفظ بصيغة &amp;PDF…</translation>
    </message>
    <message numerus="yes">
        <source>The server has signed that it holds this report and %n file(s).</source>
        <translation>
            <numerusform>وقّع الخادم أن هذا التقرير محفوظ لديه.</numerusform>
            <numerusform>وقّع الخادم أن هذا التقرير وملفًا واحدًا محفوظان لديه.</numerusform>
            <numerusform>وقّع الخادم أن هذا التقرير وملفين محفوظة لديه.</numerusform>
            <numerusform>وقّع الخادم أن هذا التقرير و%Ln ملفات محفوظة لديه.</numerusform>
            <numerusform>وقّع الخادم أن هذا التقرير و%Ln ملفًا محفوظة لديه.</numerusform>
            <numerusform>وقّع الخادم أن هذا التقرير و%Ln ملف محفوظة لديه.</numerusform>
        </translation>
    </message>
    <message>
        <source>The server has signed that it holds this report.</source>
        <translation>وقّع الخادم أن هذا التقرير محفوظ لديه.</translation>
    </message>
    <message>
        <source>Written on another device. Its text is fetched from the server.</source>
        <translation>كُتب على جهاز آخر. يُجلب نصه من الخادم.</translation>
    </message>
    <message>
        <source>Where to save this report</source>
        <translation>أين يُحفظ هذا التقرير</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>جارٍ الحفظ…</translation>
    </message>
    <message numerus="yes">
        <source>The report and %n file(s) are in {path}.</source>
        <translation>
            <numerusform>التقرير في {path}.</numerusform>
            <numerusform>التقرير وملف واحد في {path}.</numerusform>
            <numerusform>التقرير وملفان في {path}.</numerusform>
            <numerusform>التقرير و%Ln ملفات في {path}.</numerusform>
            <numerusform>التقرير و%Ln ملفًا في {path}.</numerusform>
            <numerusform>التقرير و%Ln ملف في {path}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are no longer on this computer; it says which.</source>
        <translation>
            <numerusform>كل الملفات على هذا الحاسوب.</numerusform>
            <numerusform>ملف واحد لم يعد على هذا الحاسوب؛ التقرير يقول أيها.</numerusform>
            <numerusform>ملفان لم يعودا على هذا الحاسوب؛ التقرير يقول أيها.</numerusform>
            <numerusform>%Ln ملفات لم تعد على هذا الحاسوب؛ التقرير يقول أيها.</numerusform>
            <numerusform>%Ln ملفًا لم يعد على هذا الحاسوب؛ التقرير يقول أيها.</numerusform>
            <numerusform>%Ln ملف لم يعد على هذا الحاسوب؛ التقرير يقول أيها.</numerusform>
        </translation>
    </message>
    <message>
        <source>Save this report as a PDF</source>
        <translation>حفظ هذا التقرير بصيغة PDF</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>The report is saved in {path}.</source>
        <translation>حُفظ التقرير في {path}.</translation>
    </message>
    <message>
        <source>Nothing was saved to {path}: {why}. Choose another folder and try again.</source>
        <translation>لم يُحفظ شيء في {path}: {why}. اختر مجلدًا آخر وحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>تم النسخ</translation>
    </message>
</context>
<context>
    <name>ReportPlace</name>
    <message>
        <source>No place</source>
        <translation>بلا مكان</translation>
    </message>
    <message>
        <source>The place this report is about: {place}</source>
        <translation>المكان الذي يخصه هذا التقرير: {place}</translation>
    </message>
    <message>
        <source>Other place…</source>
        <translation>مكان آخر…</translation>
    </message>
    <message>
        <source>Place of the report</source>
        <translation>مكان التقرير</translation>
    </message>
    <message>
        <source>Use this place</source>
        <translation>استخدام هذا المكان</translation>
    </message>
</context>
<context>
    <name>RequestBlock</name>
    <message>
        <source>You asked: {words}</source>
        <translation>طلبت: {words}</translation>
    </message>
    <message>
        <source>Asked {when}</source>
        <translation>طُلب {when}</translation>
    </message>
    <message>
        <source>Not answered yet</source>
        <translation>لم يُجب عنه بعد</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>في انتظار الإرسال</translation>
    </message>
    <message>
        <source>Erased</source>
        <translation>تم الحذف</translation>
    </message>
    <message>
        <source>Kept until {when}</source>
        <translation>محفوظ حتى {when}</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>محفوظ</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>مرفوض</translation>
    </message>
</context>
<context>
    <name>ResetCard</name>
    <message>
        <source>Log data that still waits here is deleted, so that nothing ties the two numbers together.</source>
        <translation>تُحذف سجلات التطبيق التي ما زالت تنتظر هنا، حتى لا يربط شيء بين الرقمين.</translation>
    </message>
    <message>
        <source>Take a new number</source>
        <translation>أخذ رقم جديد</translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation>الإبقاء على القديم</translation>
    </message>
    <message>
        <source>From now on log data leaves under another number.</source>
        <translation>من الآن تُرسل سجلات التطبيق برقم آخر.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Returned by {name}, {time}</source>
        <translation>أعاده {name} للتصحيح، {time}</translation>
    </message>
    <message>
        <source>Approved by {name}, {time}</source>
        <translation>اعتمده {name}، {time}</translation>
    </message>
    <message>
        <source>Rejected by {name}, {time}</source>
        <translation>رفضه {name}، {time}</translation>
    </message>
    <message>
        <source>This report was changed in two places. Both versions are kept, and your organization sees both. Say which one stands, or write one from both.</source>
        <translation>تغيّر هذا التقرير في مكانين. حُفظت النسختان، ومؤسستك ترى كلتيهما. قل أيهما تبقى، أو اكتب نسخة من الاثنتين.</translation>
    </message>
    <message>
        <source>{name}: {words}</source>
        <translation>{name}: {words}</translation>
    </message>
    <message>
        <source>To be corrected</source>
        <translation>للتصحيح</translation>
    </message>
    <message>
        <source>To be corrected: {words}</source>
        <translation>للتصحيح: {words}</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>النص</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>ملف</translation>
    </message>
</context>
<context>
    <name>ReviewCard</name>
    <message>
        <source>Correct it</source>
        <translation>تصحيحه</translation>
    </message>
    <message>
        <source>You began to change this report</source>
        <translation>بدأت تغيير هذا التقرير</translation>
    </message>
    <message>
        <source>What you wrote is saved here and not sent yet.</source>
        <translation>ما كتبته محفوظ هنا ولم يُرسل بعد.</translation>
    </message>
    <message>
        <source>Go on with the change</source>
        <translation>متابعة التغيير</translation>
    </message>
    <message>
        <source>Two versions</source>
        <translation>نسختان</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>Move up</source>
        <translation>نقل إلى أعلى</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>نقل إلى أسفل</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
</context>
<context>
    <name>SentList</name>
    <message>
        <source>Sent</source>
        <translation>المُرسل</translation>
    </message>
    <message>
        <source>E&amp;xport as JSON…</source>
        <translation>ت&amp;صدير بصيغة JSON…</translation>
    </message>
    <message>
        <source>&amp;Clear my copy</source>
        <translation>م&amp;سح نسختي</translation>
    </message>
    <message>
        <source>Nothing was sent yet.</source>
        <translation>لم يُرسل شيء بعد.</translation>
    </message>
    <message>
        <source>Batches that left: {count}. Open one to read exactly what it said.</source>
        <translation>الدفعات التي أُرسلت: {count}. افتح واحدة لتقرأ ما ورد فيها بالضبط.</translation>
    </message>
    <message>
        <source>The contents of what was sent are deleted from this computer and cannot be brought back. How much was sent and when stays listed. The server&apos;s copy is not touched: Erasure does that.</source>
        <translation>يُحذف محتوى ما أُرسل من هذا الحاسوب ولا يمكن استرجاعه. ويبقى مذكورًا كم أُرسل ومتى. أما نسخة الخادم فلا تُمس: ذلك من صفحة «الحذف».</translation>
    </message>
    <message>
        <source>Clear my copy</source>
        <translation>مسح نسختي</translation>
    </message>
    <message>
        <source>This computer&apos;s copy is cleared.</source>
        <translation>مُسحت نسخة هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Export the log data</source>
        <translation>تصدير سجلات التطبيق</translation>
    </message>
    <message>
        <source>Log data</source>
        <translation>سجلات التطبيق</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>جارٍ الحفظ…</translation>
    </message>
    <message>
        <source>Saved in {path}, {size}.</source>
        <translation>حُفظ في {path}، {size}.</translation>
    </message>
</context>
<context>
    <name>SessionBlock</name>
    <message>
        <source>Add what is missing…</source>
        <translation>إضافة الناقص…</translation>
    </message>
    <message>
        <source>Add what is missing at {place}</source>
        <translation>إضافة الناقص في {place}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>My shift starts</source>
        <translation>تبدأ مناوبتي</translation>
    </message>
    <message>
        <source>I am still checked in</source>
        <translation>أبقى حاضرًا لوقت طويل</translation>
    </message>
    <message>
        <source>A report is due</source>
        <translation>يحين موعد تقرير</translation>
    </message>
    <message>
        <source>A correction is decided</source>
        <translation>يتقرر في تصحيح</translation>
    </message>
    <message>
        <source>Say which &amp;network I am in</source>
        <translation>ذكر الشبكة التي أنا &amp;فيها</translation>
    </message>
    <message>
        <source>A notification says what happened and nothing of the report. What you switch off here can still be read in Miratag.</source>
        <translation>يقول الإشعار ما حدث ولا يذكر شيئًا من التقرير. وما توقفه هنا تبقى قراءته ممكنة في Miratag.</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>أُعيد للتصحيح</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>رُفض</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>اعتُمد</translation>
    </message>
    <message>
        <source>Commented on</source>
        <translation>عُلّق عليه</translation>
    </message>
    <message>
        <source>Changed in two places</source>
        <translation>تغيّر في مكانين</translation>
    </message>
    <message>
        <source>Say which known network this computer is in when I check in</source>
        <translation>ذكر الشبكة المعروفة التي هذا الحاسوب فيها عند تسجيل الحضور</translation>
    </message>
    <message>
        <source>See &amp;Privacy</source>
        <translation>عرض ال&amp;خصوصية</translation>
    </message>
    <message>
        <source>Notify me when a report of mine is</source>
        <translation>أشعرني إذا كان أحد تقاريري قد</translation>
    </message>
    <message>
        <source>Remind me when</source>
        <translation>ذكّرني عندما</translation>
    </message>
    <message>
        <source>Reminders come within working hours only, from this computer itself.</source>
        <translation>لا تأتي التذكيرات إلا في ساعات العمل، ومن هذا الحاسوب نفسه.</translation>
    </message>
    <message>
        <source>When I check in</source>
        <translation>عند تسجيل حضوري</translation>
    </message>
    <message>
        <source>Photos, videos and recordings</source>
        <translation>الصور ومقاطع الفيديو والتسجيلات</translation>
    </message>
    <message>
        <source>Your organization may know a place by its networks. With this on, a check-in there says which one of them this computer is in, or that it is in none, and nothing of any other network. Off, nothing is looked at. It is said before you press, and beside each event after.</source>
        <translation>قد تعرف مؤسستك مكانًا بشبكاته. عند تشغيل هذا يذكر تسجيل الحضور هناك أي شبكة منها هذا الحاسوب فيها، أو أنه ليس في أي منها، ولا شيء عن أي شبكة أخرى. وعند إيقافه لا يُنظر إلى شيء. يُقال ذلك قبل أن تضغط، وبجانب كل تسجيل بعد ذلك.</translation>
    </message>
    <message>
        <source>Rules of {organization}</source>
        <translation>قواعد {organization}</translation>
    </message>
    <message>
        <source>Place, device and file name travel with what you add.</source>
        <translation>يُرسل المكان والجهاز واسم الملف مع ما تضيفه.</translation>
    </message>
    <message>
        <source>Place, device and file name are left out of what you add.</source>
        <translation>يُحذف المكان والجهاز واسم الملف مما تضيفه.</translation>
    </message>
    <message>
        <source>Photos are sent in the size that they have.</source>
        <translation>تُرسل الصور بحجمها كما هي.</translation>
    </message>
    <message>
        <source>Photos are made smaller when you add them: at most {pixels} pixels on the longer side.</source>
        <translation>تُصغّر الصور عند إضافتها: {pixels} بكسل على الأكثر للضلع الأطول.</translation>
    </message>
    <message>
        <source>A report that was sent cannot be changed. One that is returned can always be corrected.</source>
        <translation>لا يمكن تغيير تقرير أُرسل. والتقرير المُعاد يمكن تصحيحه دائمًا.</translation>
    </message>
    <message>
        <source>A report may be changed for {time} after it was written. One that is returned can always be corrected.</source>
        <translation>يمكن تغيير التقرير لمدة {time} بعد كتابته. والتقرير المُعاد يمكن تصحيحه دائمًا.</translation>
    </message>
    <message>
        <source>A file may be up to {size}.</source>
        <translation>يمكن أن يبلغ حجم الملف {size}.</translation>
    </message>
    <message>
        <source>Pictures of received reports stay on this computer for {time}, their text after that too.</source>
        <translation>تبقى صور التقارير المُستلمة على هذا الحاسوب لمدة {time}، ويبقى نصها بعد ذلك أيضًا.</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Sign in</source>
        <translation>تسجيل الدخول</translation>
    </message>
    <message>
        <source>Sign in with the &amp;browser</source>
        <translation>تسجيل الدخول من ال&amp;متصفح</translation>
    </message>
    <message>
        <source>I have an &amp;enrolment code</source>
        <translation>لديّ رمز ان&amp;ضمام</translation>
    </message>
    <message>
        <source>Sign in with the &amp;code</source>
        <translation>تسجيل الدخول بال&amp;رمز</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إ&amp;لغاء</translation>
    </message>
    <message>
        <source>Your organization runs the server that receives your reports. Its address is in the invitation you were sent; whoever runs it can tell you, too.</source>
        <translation>تدير مؤسستك الخادم الذي يستلم تقاريرك. عنوانه في الدعوة التي وصلتك؛ ويمكن لمن يديره أن يخبرك به أيضًا.</translation>
    </message>
    <message>
        <source>Server &amp;address</source>
        <translation>&amp;عنوان الخادم</translation>
    </message>
    <message>
        <source>&amp;One-time enrolment code</source>
        <translation>رمز ان&amp;ضمام يُستخدم مرة واحدة</translation>
    </message>
    <message>
        <source>Your browser shows the sign-in page. Finish there, then come back here. If no page has opened, cancel and check that a browser is set as your default.</source>
        <translation>يعرض متصفحك صفحة تسجيل الدخول. أكمل هناك، ثم عد إلى هنا. إذا لم تُفتح أي صفحة، فألغِ وتحقق من أن لديك متصفحًا افتراضيًا.</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>جارٍ تسجيل الدخول…</translation>
    </message>
</context>
<context>
    <name>Signature</name>
    <message>
        <source>{label}: sheet to draw on</source>
        <translation>{label}: لوحة للرسم</translation>
    </message>
    <message>
        <source>or type your name</source>
        <translation>أو اكتب اسمك</translation>
    </message>
    <message>
        <source>Add a picture…</source>
        <translation>إضافة صورة…</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>مسح</translation>
    </message>
    <message>
        <source>{label}: type your name instead of drawing</source>
        <translation>{label}: اكتب اسمك بدلًا من الرسم</translation>
    </message>
    <message>
        <source>{label}: add a picture</source>
        <translation>{label}: إضافة صورة</translation>
    </message>
    <message>
        <source>Clear {label}</source>
        <translation>مسح {label}</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp)</source>
        <translation>صور (*.png *.jpg *.jpeg *.webp)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>كل الملفات (*)</translation>
    </message>
    <message>
        <source>Signature.png</source>
        <translation>التوقيع.png</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>Undone</source>
        <translation>تم التراجع عنه</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>مُصحَّح</translation>
    </message>
    <message>
        <source>Sending {percent} %</source>
        <translation>جارٍ إرسال {percent}٪</translation>
    </message>
    <message>
        <source>Received {time}</source>
        <translation>تم الاستلام {time}</translation>
    </message>
    <message>
        <source>Saved here</source>
        <translation>محفوظ هنا</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>في الانتظار</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>جارٍ الإرسال</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>تم الاستلام</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>معدّل</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>مُعاد للتصحيح</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>معتمد</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>مرفوض</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>يحتاج إلى تدخلك</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>offline</source>
        <translation>غير متصل</translation>
    </message>
    <message>
        <source>server has trouble</source>
        <translation>في الخادم خلل</translation>
    </message>
    <message>
        <source>sign-in needed</source>
        <translation>يلزم تسجيل الدخول</translation>
    </message>
    <message>
        <source>server not trusted</source>
        <translation>الخادم غير موثوق</translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>لا شيء متوقف</numerusform>
            <numerusform>واحد متوقف مؤقتًا</numerusform>
            <numerusform>اثنان متوقفان مؤقتًا</numerusform>
            <numerusform>%Ln متوقفة مؤقتًا</numerusform>
            <numerusform>%Ln متوقفًا مؤقتًا</numerusform>
            <numerusform>%Ln متوقف مؤقتًا</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>لا شيء ينتظر</numerusform>
            <numerusform>واحد ينتظر</numerusform>
            <numerusform>اثنان ينتظران</numerusform>
            <numerusform>%Ln تنتظر</numerusform>
            <numerusform>%Ln ينتظر</numerusform>
            <numerusform>%Ln ينتظر</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need you</source>
        <translation>
            <numerusform>لا شيء يحتاج إلى تدخلك</numerusform>
            <numerusform>واحد يحتاج إلى تدخلك</numerusform>
            <numerusform>اثنان يحتاجان إلى تدخلك</numerusform>
            <numerusform>%Ln تحتاج إلى تدخلك</numerusform>
            <numerusform>%Ln يحتاج إلى تدخلك</numerusform>
            <numerusform>%Ln يحتاج إلى تدخلك</numerusform>
        </translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>لم يُسجَّل الدخول</translation>
    </message>
    <message>
        <source>Not checked in</source>
        <translation>لم يُسجَّل الحضور</translation>
    </message>
    <message>
        <source>On break, in at {place} since {time}</source>
        <translation>في استراحة، الحضور في {place} منذ {time}</translation>
    </message>
    <message>
        <source>In at {place} since {time}</source>
        <translation>حاضر في {place} منذ {time}</translation>
    </message>
</context>
<context>
    <name>SwitchCard</name>
    <message>
        <source>Records: {what}</source>
        <translation>يسجّل: {what}</translation>
    </message>
    <message>
        <source>Kept: {how_long}</source>
        <translation>الحفظ: {how_long}</translation>
    </message>
    <message>
        <source>Last: {when}</source>
        <translation>آخر مرة: {when}</translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>أمس</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day}، {time}</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} د</translation>
    </message>
    <message>
        <source>{hours} h {minutes}</source>
        <translation>{hours} س {minutes} د</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>أقل من يوم</numerusform>
            <numerusform>يوم واحد</numerusform>
            <numerusform>يومين</numerusform>
            <numerusform>%Ln أيام</numerusform>
            <numerusform>%Ln يومًا</numerusform>
            <numerusform>%Ln يوم</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>أقل من ساعة</numerusform>
            <numerusform>ساعة واحدة</numerusform>
            <numerusform>ساعتين</numerusform>
            <numerusform>%Ln ساعات</numerusform>
            <numerusform>%Ln ساعة</numerusform>
            <numerusform>%Ln ساعة</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimesheetPage</name>
    <message>
        <source>Timesheet</source>
        <translation>كشف الساعات</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>يوم</translation>
    </message>
    <message>
        <source>Week</source>
        <translation>أسبوع</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>شهر</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>السابق</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>التالي</translation>
    </message>
    <message>
        <source>To&amp;day</source>
        <translation>الي&amp;وم</translation>
    </message>
    <message>
        <source>Add a &amp;check-in…</source>
        <translation>إضافة تسجيل &amp;حضور…</translation>
    </message>
    <message>
        <source>Save as &amp;file…</source>
        <translation>حفظ في &amp;ملف…</translation>
    </message>
    <message>
        <source>Corrections you asked for</source>
        <translation>التصحيحات التي طلبتها</translation>
    </message>
    <message>
        <source>Nothing was recorded on this day.</source>
        <translation>لم يُسجَّل شيء في هذا اليوم.</translation>
    </message>
    <message>
        <source>Nothing was recorded in this week.</source>
        <translation>لم يُسجَّل شيء في هذا الأسبوع.</translation>
    </message>
    <message>
        <source>Nothing was recorded in this month.</source>
        <translation>لم يُسجَّل شيء في هذا الشهر.</translation>
    </message>
    <message>
        <source>Your hours before it are found with the arrow above.</source>
        <translation>تجد ساعاتك السابقة بالسهم أعلاه.</translation>
    </message>
    <message>
        <source>Your hours appear here once you check in. If you were at work and it is not here, add it below.</source>
        <translation>تظهر ساعاتك هنا عندما تسجّل حضورك. إذا كنت في العمل ولم يظهر ذلك هنا، فأضفه أدناه.</translation>
    </message>
    <message>
        <source>Save the timesheet</source>
        <translation>حفظ كشف الساعات</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>جدول (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>The timesheet is saved in {path}.</source>
        <translation>حُفظ كشف الساعات في {path}.</translation>
    </message>
</context>
<context>
    <name>TrayProgram</name>
    <message>
        <source>Miratag is starting</source>
        <translation>Miratag قيد البدء</translation>
    </message>
    <message>
        <source>Miratag could not open what is saved on this computer. Nothing was deleted.</source>
        <translation>لم يستطع Miratag فتح ما حُفظ على هذا الحاسوب. لم يُحذف شيء.</translation>
    </message>
    <message>
        <source>Miratag</source>
        <translation>Miratag</translation>
    </message>
    <message>
        <source>What you wrote could not be saved. Quitting discards it.</source>
        <translation>تعذر حفظ ما كتبته. إنهاء البرنامج يحذفه.</translation>
    </message>
    <message>
        <source>Keep writing</source>
        <translation>متابعة الكتابة</translation>
    </message>
    <message>
        <source>Discard and quit</source>
        <translation>حذف وإنهاء</translation>
    </message>
    <message>
        <source>This desktop did not allow a picture of the screen.</source>
        <translation>لم يسمح سطح المكتب هذا بأخذ صورة للشاشة.</translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation>يلزم تسجيل الدخول</translation>
    </message>
    <message>
        <source>Your work is saved here. Sign in to send it.</source>
        <translation>عملك محفوظ هنا. سجّل الدخول لإرساله.</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) need you</source>
        <translation>
            <numerusform>لا عنصر يحتاج إلى تدخلك</numerusform>
            <numerusform>عنصر واحد يحتاج إلى تدخلك</numerusform>
            <numerusform>عنصران يحتاجان إلى تدخلك</numerusform>
            <numerusform>%Ln عناصر تحتاج إلى تدخلك</numerusform>
            <numerusform>%Ln عنصرًا يحتاج إلى تدخلك</numerusform>
            <numerusform>%Ln عنصر يحتاج إلى تدخلك</numerusform>
        </translation>
    </message>
    <message>
        <source>Open Miratag to see why and what to do.</source>
        <translation>افتح Miratag لترى السبب وما العمل.</translation>
    </message>
</context>
<context>
    <name>Unknown</name>
    <message>
        <source>This field needs a newer version of the app.</source>
        <translation>يحتاج هذا الحقل إلى إصدار أحدث من التطبيق.</translation>
    </message>
</context>
<context>
    <name>VersionChoice</name>
    <message>
        <source>Write one from both</source>
        <translation>كتابة نسخة من الاثنتين</translation>
    </message>
    <message>
        <source>Written on this computer</source>
        <translation>كُتبت على هذا الحاسوب</translation>
    </message>
    <message>
        <source>Written on another device</source>
        <translation>كُتبت على جهاز آخر</translation>
    </message>
    <message>
        <source>Its text is not here yet. It is fetched when the server answers.</source>
        <translation>نصها ليس هنا بعد. يُجلب عندما يستجيب الخادم.</translation>
    </message>
    <message>
        <source>Files: {names}</source>
        <translation>الملفات: {names}</translation>
    </message>
    <message>
        <source>Keep this</source>
        <translation>إبقاء هذه</translation>
    </message>
    <message>
        <source>Keep the other</source>
        <translation>إبقاء الأخرى</translation>
    </message>
</context>
<context>
    <name>WaitingList</name>
    <message>
        <source>Next to send</source>
        <translation>التالي للإرسال</translation>
    </message>
    <message>
        <source>Send no&amp;w</source>
        <translation>إر&amp;سال الآن</translation>
    </message>
    <message>
        <source>Nothing waits. Log data that you allow appears here before it leaves.</source>
        <translation>لا شيء ينتظر. سجلات التطبيق التي تسمح بها تظهر هنا قبل إرسالها.</translation>
    </message>
    <message>
        <source>Leaves at {time}.</source>
        <translation>موعد الإرسال {time}.</translation>
    </message>
    <message>
        <source>Open a record to read it or to take it out.</source>
        <translation>افتح سجلًا لتقرأه أو تخرجه.</translation>
    </message>
    <message>
        <source>The record is removed and is never sent.</source>
        <translation>أُزيل السجل ولن يُرسل أبدًا.</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>جارٍ الإرسال…</translation>
    </message>
</context>
<context>
    <name>WriteCard</name>
    <message>
        <source>What happened?</source>
        <translation>ماذا حدث؟</translation>
    </message>
    <message>
        <source>&amp;Add photo</source>
        <translation>إ&amp;ضافة صورة</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>إر&amp;سال</translation>
    </message>
    <message>
        <source>Write a line about what happened, or add a photo, then send.</source>
        <translation>اكتب سطرًا عمّا حدث، أو أضف صورة، ثم أرسل.</translation>
    </message>
    <message>
        <source>Discard this draft? Its text and files are deleted from this computer.</source>
        <translation>هل تحذف هذه المسودة؟ سيُحذف نصها وملفاتها من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Photos without a text</source>
        <translation>صور بلا نص</translation>
    </message>
    <message>
        <source>{title} is still a draft: {why}</source>
        <translation>ما زال {title} مسودة: {why}</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>حذف</translation>
    </message>
    <message numerus="yes">
        <source>Saved here. %n report(s) sent in a moment.</source>
        <translation>
            <numerusform>محفوظ هنا. لا تقارير تُرسل.</numerusform>
            <numerusform>محفوظ هنا. يُرسل تقرير واحد بعد لحظة.</numerusform>
            <numerusform>محفوظ هنا. يُرسل تقريران بعد لحظة.</numerusform>
            <numerusform>محفوظ هنا. تُرسل %Ln تقارير بعد لحظة.</numerusform>
            <numerusform>محفوظ هنا. يُرسل %Ln تقريرًا بعد لحظة.</numerusform>
            <numerusform>محفوظ هنا. يُرسل %Ln تقرير بعد لحظة.</numerusform>
        </translation>
    </message>
    <message>
        <source>Not sent yet: {draft}</source>
        <translation>لم يُرسل بعد: {draft}</translation>
    </message>
    <message>
        <source>Not saved.</source>
        <translation>لم يُحفظ.</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>حُفظ {time}</translation>
    </message>
</context>
<context>
    <name>_Start</name>
    <message>
        <source>&amp;Quit</source>
        <translation>إن&amp;هاء</translation>
    </message>
    <message>
        <source>Miratag is starting</source>
        <translation>Miratag قيد البدء</translation>
    </message>
</context>
</TS>
