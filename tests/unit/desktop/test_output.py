"""What a command prints: text of others steers no terminal."""

import json

from desktop.command_line import output

HOSTILE = "\x1b]0;owned\x07 Gate\x9b31m \x7f\r2\nتحقق\t\u00fc"


def test_sentences_carry_no_control_characters(capsys):
    output.answer({}, [HOSTILE], as_json=False)
    output.say(HOSTILE)
    told = capsys.readouterr()
    assert told.out == told.err == "�]0;owned� Gate�31m ��2\nتحقق\tü\n"


def test_a_document_says_the_same_and_carries_none_either(capsys):
    output.answer({"note": HOSTILE}, [], as_json=True)
    told = capsys.readouterr().out
    assert json.loads(told) == {"note": HOSTILE}
    assert not any((ord(one) < 0x20 and one != "\n") or 0x7F <= ord(one) < 0xA0 for one in told)
