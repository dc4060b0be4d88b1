"""Logging what came in, from a script of the mail or the phone: `log --inbound`. It refuses nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace

from huntertui.cli.session import Session
from huntertui.cli.streams import read_beginning, read_text
from huntertui.cli.telling import tell_change
from huntertui.desk import Desk
from huntertui.desk.inbound import Message
from huntertui.model.opportunity import Channel, Contact
from huntertui.model.touch import Answer


def add_inbound(parser: ArgumentParser) -> None:
    """Its arguments, beside those of any touch."""
    parser.add_argument(
        "--inbound",
        action="store_true",
        help="they wrote or called: WHO is their address, the words a note; - reads a mail on stdin",
    )
    parser.add_argument(
        "--answer",
        choices=(Answer.OWED.value, Answer.NOTHING.value),
        default=Answer.OWED.value,
        help="whether they wait for our answer; owed by default",
    )
    parser.add_argument("--from", dest="sender", metavar="WHO", help="who wrote, whatever the mail says")


def log_inbound(session: Session, desk: Desk) -> int:
    """Log it: on the item of its sender, else on a new one that is nobody's."""
    args = session.args
    note = read_text() if args.note == "-" else args.note
    words = " ".join(filter(None, (args.kind, *args.words)))
    message = Message(Contact(), note=" · ".join(filter(None, (words, note))), answer=Answer(args.answer))
    message = _of_mail(read_beginning(), message) if args.who == "-" else message
    if args.sender or args.who != "-":
        message = replace(message, sender=desk.sender_of(args.sender or args.who))
    called = message.sender.phones and not message.sender.emails
    channel = Channel(args.channel or (Channel.CALL if called else Channel.EMAIL))
    done = desk.log_inbound(replace(message, channel=channel))
    return tell_change(session, desk, "log-inbound", done)


def _of_mail(data: bytes, given: Message) -> Message:
    """The message with what its mail says."""
    from huntertui.exchange.mail import read_mail  # late: only a mail pays for it

    mail = read_mail(data)
    note = "\n".join(filter(None, (given.note, mail.subject, mail.text)))
    return replace(
        given,
        sender=Contact(mail.name, emails=mail.emails),
        note=note,
        source=mail.id,
        automatic=mail.automatic,
    )
