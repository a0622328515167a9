"""Videos and recordings: places, names, devices and times go; every frame stays where it was."""

import struct
from pathlib import Path

import pytest

from rules.media.kinds import M4A, MATROSKA, MP4, QUICKTIME, THREE_GP, MediaKind, sniff
from rules.media.stripping import CannotCleanError, DamagedError
from tests.unit.agent_media.makers import PICTURE, PLACE, SECRET, SOUND, copy, ffmpeg, frames, probed, video

TAGS_MEANT = {"language", "handler_name", "vendor_id", "major_brand", "minor_version", "compatible_brands", "DURATION"}


def check(folder: Path, kind: MediaKind, before: bytes) -> bytes:
    """Nothing told, every frame as before, and a second time nothing changes."""
    assert sniff(before[:4096]) is kind
    after = copy(kind, before)
    assert len(after) == len(before)
    assert SECRET not in after
    assert PLACE not in after
    if kind is not MATROSKA:
        assert not {b"udta", b"loci", b"\xa9xyz", b"meta", b"uuid"} & {after[at : at + 4] for at in range(len(after))}
    assert frames(folder, after) == frames(folder, before)
    told = probed(folder, after)
    assert "creation_time" not in str(told)
    for stream in told["streams"]:  # type: ignore[attr-defined]
        assert set(stream.get("tags", {})) <= TAGS_MEANT
        assert not stream.get("tags", {}).get("handler_name", "").strip("\0")
    assert copy(kind, after) == after
    return after


@pytest.mark.parametrize("flags", ["+disable_chpl", "+faststart", "+use_metadata_tags", "+faststart+use_metadata_tags"])
def test_an_mp4_tells_nothing_wherever_its_index_lies(tmp_path: Path, flags: str) -> None:
    before = video(tmp_path / "a.mp4", "-movflags", flags)
    assert SECRET in before
    assert PLACE in before or b"loci" in before
    check(tmp_path, MP4, before)


def test_a_quicktime_video_tells_nothing(tmp_path: Path) -> None:
    check(tmp_path, QUICKTIME, video(tmp_path / "a.mov", "-movflags", "+use_metadata_tags"))
    check(tmp_path, QUICKTIME, video(tmp_path / "b.mov", "-timecode", "10:11:12:00"))


def test_a_3gp_video_tells_nothing(tmp_path: Path) -> None:
    check(tmp_path, THREE_GP, video(tmp_path / "a.3gp"))


def test_a_video_in_fragments_tells_nothing(tmp_path: Path) -> None:
    check(tmp_path, MP4, video(tmp_path / "a.mp4", "-movflags", "frag_keyframe+empty_moov", "-g", "5"))


def test_a_recording_tells_nothing(tmp_path: Path) -> None:
    cover = tmp_path / "cover.png"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=32x32", "-frames:v", "1", cover)
    path = tmp_path / "a.m4a"
    ffmpeg(*SOUND, "-metadata", f"artist={SECRET.decode()}", "-c:a", "aac", path)
    check(tmp_path, M4A, path.read_bytes())


def test_positions_of_more_than_32_bits_stay_right(tmp_path: Path) -> None:
    before = video(tmp_path / "a.mp4")
    at = before.index(b"free\0")  # an empty box that was kept free for this
    assert before[at - 4 : at] == b"\0\0\0\x08"
    assert before[at + 8 : at + 12] == b"mdat"
    (size,) = struct.unpack(">I", before[at + 4 : at + 8])
    wide = before[: at - 4] + struct.pack(">I4sQ", 1, b"mdat", size + 8) + before[at + 12 :]
    check(tmp_path, MP4, wide)
    table = wide.index(b"stco")
    (count,) = struct.unpack(">I", wide[table + 8 : table + 12])
    assert count >= 1


def test_a_track_of_words_or_measurements_goes_with_all_it_said(tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_bytes(b"1\n00:00:00,100 --> 00:00:01,200\nGPS " + PLACE + b"\n")
    for name, codec, kind in (("a.mp4", "mov_text", MP4), ("a.mov", "mov_text", QUICKTIME), ("a.mkv", "srt", MATROSKA)):
        path = tmp_path / name
        shown = (*PICTURE, *SOUND, "-i", words, "-map", "0", "-map", "1", "-map", "2")
        ffmpeg(*shown, "-c:v", "libx264", "-c:a", "aac", "-c:s", codec, path)
        assert PLACE in path.read_bytes()
        after = check(tmp_path, kind, path.read_bytes())
        kinds = [stream["codec_type"] for stream in probed(tmp_path, after)["streams"]]  # type: ignore[attr-defined]
        assert sorted(kinds) == ["audio", "video"]


def test_such_a_track_in_fragments_is_not_half_cleaned(tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_bytes(b"1\n00:00:00,100 --> 00:00:01,200\nGPS " + PLACE + b"\n")
    path = tmp_path / "a.mp4"
    shown = (*PICTURE, "-i", words, "-map", "0", "-map", "1", "-c:v", "libx264", "-c:s", "mov_text")
    ffmpeg(*shown, "-movflags", "frag_keyframe+empty_moov", path)
    with pytest.raises(CannotCleanError):
        copy(MP4, path.read_bytes())


def test_boxes_of_makers_and_notes_after_the_end_go(tmp_path: Path) -> None:
    before = video(tmp_path / "a.mp4")
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + SECRET
    maker = struct.pack(">I4s", 8 + len(xmp), b"uuid") + xmp
    for added in (maker, struct.pack(">I4s", 0, b"abcd") + SECRET, b"\0\0\xa1\x0aSEFH" + SECRET, b"\0\0"):
        after = check(tmp_path, MP4, before + added)
        assert SECRET not in after


def test_a_webm_and_a_matroska_tell_nothing(tmp_path: Path) -> None:
    attachment = tmp_path / "note.txt"
    attachment.write_bytes(SECRET)
    attached = ("-attach", attachment, "-metadata:s:t", "mimetype=text/plain")
    check(tmp_path, MATROSKA, video(tmp_path / "a.webm", codec="libvpx", sound="libopus"))
    check(tmp_path, MATROSKA, video(tmp_path / "b.mkv", *attached))
    check(tmp_path, MATROSKA, video(tmp_path / "c.mkv", "-write_crc32", "0", *attached))


def test_a_webm_as_a_browser_records_it_tells_nothing(tmp_path: Path) -> None:
    """Nobody knew its length when it began."""
    path = tmp_path / "a.webm"
    before = video(path, "-f", "webm", "-live", "1", "-cluster_time_limit", "400", codec="libvpx", sound="libopus")
    assert b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" in before
    check(tmp_path, MATROSKA, before)


@pytest.mark.parametrize(("name", "kind"), [("a.mp4", MP4), ("a.mkv", MATROSKA)])
def test_one_cut_off_is_damaged(tmp_path: Path, name: str, kind: MediaKind) -> None:
    whole = video(tmp_path / name)
    for end in range(64, len(whole) - 1, len(whole) // 40):
        with pytest.raises((DamagedError, CannotCleanError)):
            copy(kind, whole[:end])
