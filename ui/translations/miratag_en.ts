<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>QGuiApplication</name>
    <message>
        <source>QT_LAYOUT_DIRECTION</source>
        <translation>LTR</translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CategoryCard</name>
    <message numerus="yes">
        <source>%n sent</source>
        <translation>
            <numerusform>%n sent</numerusform>
            <numerusform>%n sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting here</source>
        <translation>
            <numerusform>%n waiting here</numerusform>
            <numerusform>%n waiting here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%n check-in(s)</source>
        <translation>
            <numerusform>%n check-in</numerusform>
            <numerusform>%n check-ins</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n log record(s)</source>
        <translation>
            <numerusform>%n log record</numerusform>
            <numerusform>%n log records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s)</source>
        <translation>
            <numerusform>%n report</numerusform>
            <numerusform>%n reports</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message numerus="yes">
        <source>&amp;Quit (%n item(s) stay saved here)</source>
        <translation>
            <numerusform>&amp;Quit (%n item stays saved here)</numerusform>
            <numerusform>&amp;Quit (%n items stay saved here)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sending (%n waiting)</source>
        <translation>
            <numerusform>Sending (%n waiting)</numerusform>
            <numerusform>Sending (%n waiting)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlaceChoice</name>
    <message numerus="yes">
        <source>%n more: type a part of the name to find them.</source>
        <translation>
            <numerusform>%n more: type a part of the name to find them.</numerusform>
            <numerusform>%n more: type a part of the name to find them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Privacy</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message numerus="yes">
        <source>The report and %n file(s) are in {path}.</source>
        <translation>
            <numerusform>The report and %n file are in {path}.</numerusform>
            <numerusform>The report and %n files are in {path}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are no longer on this computer; it says which.</source>
        <translation>
            <numerusform>%n file is no longer on this computer; report.json says which.</numerusform>
            <numerusform>%n files are no longer on this computer; report.json says which.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The server has signed that it holds this report and %n file(s).</source>
        <translation>
            <numerusform>The server has signed that it holds this report and %n file.</numerusform>
            <numerusform>The server has signed that it holds this report and %n files.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>News</name>
    <message numerus="yes">
        <source>%n report(s) returned</source>
        <translation>
            <numerusform>%n report returned</numerusform>
            <numerusform>%n reports returned</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) rejected</source>
        <translation>
            <numerusform>%n report rejected</numerusform>
            <numerusform>%n reports rejected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) in two versions</source>
        <translation>
            <numerusform>%n report in two versions</numerusform>
            <numerusform>%n reports in two versions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) commented</source>
        <translation>
            <numerusform>%n report commented</numerusform>
            <numerusform>%n reports commented</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) approved</source>
        <translation>
            <numerusform>%n report approved</numerusform>
            <numerusform>%n reports approved</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message numerus="yes">
        <source>%n need you</source>
        <translation>
            <numerusform>%n needs you</numerusform>
            <numerusform>%n need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n paused</numerusform>
            <numerusform>%n paused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrayProgram</name>
    <message numerus="yes">
        <source>%n item(s) need you</source>
        <translation>
            <numerusform>%n item needs you</numerusform>
            <numerusform>%n items need you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WriteCard</name>
    <message numerus="yes">
        <source>Saved here. %n report(s) sent in a moment.</source>
        <translation>
            <numerusform>Saved here. It is sent in a moment.</numerusform>
            <numerusform>Saved here. %n reports are sent in a moment.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DraftRow</name>
    <message numerus="yes">
        <source>%n more: send or discard some to see them.</source>
        <translation>
            <numerusform>%n more: send or discard some to see it.</numerusform>
            <numerusform>%n more: send or discard some to see them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send &amp;all (%n)</source>
        <translation>
            <numerusform>Send &amp;all (%n)</numerusform>
            <numerusform>Send &amp;all (%n)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NeedsYou</name>
    <message numerus="yes">
        <source>%n item(s) are saved in {path}.</source>
        <translation>
            <numerusform>%n item is saved in {path}.</numerusform>
            <numerusform>%n items are saved in {path}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message numerus="yes">
        <source>%n answer(s) missing</source>
        <translation>
            <numerusform>%n answer missing</numerusform>
            <numerusform>%n answers missing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n to correct</source>
        <translation>
            <numerusform>%n to correct</numerusform>
            <numerusform>%n to correct</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Media</name>
    <message numerus="yes">
        <source>At most %n file(s) go here; the rest was not added.</source>
        <translation>
            <numerusform>At most %n file goes here; the rest was not added.</numerusform>
            <numerusform>At most %n files go here; the rest was not added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
</context>
</TS>
