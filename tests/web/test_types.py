"""The types of the pages are those of the server."""

from tests.web.drawing import FOLDER, files


def test_the_generated_types_are_what_the_server_would_draw_today() -> None:
    """If this is red, `./dev types` puts it right."""
    drawn = files()
    assert {path.name for path in FOLDER.iterdir()} == set(drawn)
    for name, text in drawn.items():
        assert (FOLDER / name).read_text() == text, f"{name} is out of date"


def test_every_event_of_a_side_is_in_its_union_and_no_other() -> None:
    staff, person = files()["events.ts"].split("export type StaffEvent")[1].split("export type PersonEvent")
    assert '"note_posted"' in staff
    assert '"note_posted"' not in person
    assert '"feedback_requested"' in person
    assert '"feedback_requested"' not in staff


def test_what_an_answer_always_has_is_not_optional_and_what_a_request_may_omit_is() -> None:
    api = files()["api.ts"]
    item = api.split("export interface MessageItem {")[1].split("}")[0]
    closing = api.split("export interface Closure {")[1].split("}")[0]
    assert "attachments: readonly AttachmentItem[];" in item
    assert "withdrawn_at?: string;" in item
    assert "outcome: Outcome;" in closing
    assert "seen_seq?: number | null;" in closing
