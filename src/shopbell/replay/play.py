"""One whole play: the cast, the performance with the restarts it lives through, and the findings."""

from shopbell.replay.cast import Casting, sign_out
from shopbell.replay.dialogues import Script
from shopbell.replay.findings import find_out
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.rest import Rest
from shopbell.replay.settings import Settings
from shopbell.replay.stage import Stage


async def play(script: Script, settings: Settings, progress: Progress) -> Report:
    """Plays the script on as many lanes as asked for, or as there are dialogues.

    Raises `Uncast`, `Away`, `Unwelcome` or `Refused`, alone or in an `ExceptionGroup`, when it can't go on.
    """
    async with Rest(settings.at, patience=settings.patience) as rest:
        casting = Casting(rest, mail=settings.mail)
        desk = await casting.open_desk(settings.agents, settings.staff)
        customers = await casting.sign_up(desk.business.id, min(settings.lanes, len(script.dialogues)))
        stage = Stage(rest, settings, desk, customers, progress)
        performance = await stage.perform(script)
        report = await find_out(rest, settings, script, stage, performance)
        await sign_out(rest, [lane.customer.token for lane in stage.lanes] + [agent.token for agent in desk.agents])
        return report
