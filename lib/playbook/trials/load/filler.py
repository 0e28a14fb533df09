"""Filler prompts: words by chance, as long as is asked, that no cache of prefixes has seen."""

from __future__ import annotations

import random
from dataclasses import dataclass

from playbook.profile.profile import Profile
from playbook.trials.prompt_records import Prompt, PromptMessage
from playbook.vocabulary import DataClass

FILLER_SET = "filler"
CHARACTERS_PER_TOKEN = 5.5
"""Of such words, before an endpoint has counted any."""
PREFIX_WORDS = 8
MOST_TOKENS = 65_000
_FEWEST_CHARACTERS = 40
_PLAUSIBLE = (1.0, 12.0)
_TASK = "Write a long story in which all of these words occur, and go on until you are stopped:"
WORDS = tuple(
    """
able acid across actor adapt added admit adult after again agent agree ahead album alert alive
alone amber angle ankle apple april apron arena arise armor arrow aside asset atlas attic audio
autumn awake award basin basket beach beard bench berry birth black blade blanket blend block
bloom board boast bonus booth border bottle bounce bracket branch brass bread brick bridge brief
bright broad bronze brook brown brush bucket build bundle butter button cabin cable camel candle
canoe canvas carbon cargo carpet castle cattle cedar cellar cement chain chalk charm chart cherry
chest chief choir cider cinema circle clay clerk cliff clock cloth cloud coach coast copper coral
corner cotton couch cousin cover crane cream crew crisp crowd crown cruise curtain cycle dairy
dance dawn debate delta desert dial diary dinner diver dock dolphin donkey double dozen draft
dragon drawer dream drift drum eagle early earth echo edge eight elbow elder ember empty engine
entry equal event exact fabric falcon family farmer feast fence ferry fiber field final finger
fire flag flame fleet flint floor flour flute focus forest fork fossil frame fresh frost fruit
galaxy garden garlic gate ghost giant ginger glass globe glove grain grape gravel green grove
guitar hammer harbor harvest hazel heart hedge helmet heron hollow honey horizon hotel humor
island ivory jacket jelly jewel jungle kettle kitchen ladder lagoon lamp lantern laser lemon level
lighthouse linen lizard lunar magnet maple marble market meadow medal melon mentor metal mirror
motor mountain museum napkin narrow needle nephew noble north novel oasis ocean olive onion orbit
orchard organ otter oxygen paddle palace panel paper parade parrot pasta peach pearl pebble pencil
pepper piano pillow pilot planet plaza plum pocket poem polar pottery powder prairie puzzle quartz
rabbit radio railway raven record ribbon river rocket saddle salad salmon sample sandal satin
school season shadow shelter silver singer sketch sleeve smoke socket solar spice spiral spring
square stable statue stone summer sunset tailor tanker temple thread thunder timber tomato tower
trumpet tunnel turtle umbrella valley velvet village violin voyage wagon walnut water weather
willow window winter wisdom wooden yellow zebra
""".split()  # noqa: SIM905  a list of 500 lines says no more
)


@dataclass(frozen=True)
class Fit:
    """How many characters of filler make one token, as an endpoint counts them."""

    characters_per_token: float = CHARACTERS_PER_TOKEN

    def learnt(self, characters: int, tokens: int | None) -> Fit:
        """Return the fit after a reply to a prompt of so many characters; a wild one is ignored."""
        seen = characters / tokens if tokens else 0.0
        return Fit(seen) if _PLAUSIBLE[0] <= seen <= _PLAUSIBLE[1] else self


@dataclass(frozen=True)
class Length:
    """How long a call is."""

    input_tokens: float
    """Tokens of the prompt."""
    output_tokens: int
    """Tokens of the answer, at most."""
    weight: float = 1.0
    """How often it comes, beside others."""


def lengths_of(profile: Profile) -> tuple[Length, ...]:
    """Return the lengths that a profile's sweep asks for, those of its workload where it says none.

    Example:
        >>> from playbook.profile.trial_settings import LoadLength, Trials
        >>> lengths_of(Profile(trials=Trials(load_lengths=(LoadLength(),))))
        (Length(input_tokens=1500.0, output_tokens=500, weight=1.0),)
    """
    work = profile.workload
    asked, share = work.input_tokens_per_call, work.share_output
    written = round(asked * share / (1 - share)) if share < 1 else round(asked)
    return tuple(
        Length(
            float(asked if one.input_tokens is None else one.input_tokens),
            max(1, written) if one.output_tokens is None else one.output_tokens,
            one.weight,
        )
        for one in profile.trials.load_lengths
    )


def filler_prompt(
    name: str, *, input_tokens: float, output_tokens: int, fit: Fit, rng: random.Random
) -> Prompt:
    """Return a public prompt of about so many tokens that asks for a long answer.

    It begins with words by chance, so that no two prompts share more than the model's own preamble.

    Args:
        name: Id of the prompt.
        input_tokens: Tokens that it should have.
        output_tokens: Longest answer.
        fit: How long a token is.
        rng: Source of chance.

    Example:
        >>> one = filler_prompt("a", input_tokens=400, output_tokens=9, fit=Fit(5.0),
        ...                     rng=random.Random(1))
        >>> len(one.messages[0].content), one.max_tokens
        (2000, 9)
    """
    wanted = round(min(input_tokens, MOST_TOKENS) * fit.characters_per_token)
    text = _words(max(wanted, _FEWEST_CHARACTERS), rng)
    return Prompt(
        id=name,
        task=FILLER_SET,
        messages=(PromptMessage(role="user", content=text),),
        max_tokens=output_tokens,
        data_class=DataClass.PUBLIC,
        data_types=("public_only",),
    )


def _words(characters: int, rng: random.Random) -> str:
    prefix = " ".join(rng.choices(WORDS, k=PREFIX_WORDS))
    text = [f"{prefix}. {_TASK}"] if characters > 2 * len(_TASK) else [prefix]
    length = len(text[0])
    while length < characters:
        text.append(rng.choice(WORDS))
        length += 1 + len(text[-1])
    return " ".join(text)[:characters].rstrip().ljust(characters, "s")


def size_of(prompt: Prompt) -> int:
    """Return the characters of a prompt."""
    return sum(len(one.content) for one in prompt.messages)
