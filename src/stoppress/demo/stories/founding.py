"""The founding story, in our own words from ``founding-story.md``. Every statement keeps who made it."""

from stoppress.demo.stories.form import Story, on, quote, subheading, text

STORY = Story(
    section="world",
    slug="kyrgyzstan-opposition-says-it-has-taken-power",
    headline="Opposition says it has taken power in Kyrgyzstan; president speaks of attempted coup",
    standfirst=(
        "Government buildings in Bishkek were occupied after protests over Sunday’s election, opposition groups say. "
        "One person was killed and 590 were injured, the government says."
    ),
    published_at=on(10, 6, 15, 20),
    authors=("world-desk",),
    picture="mountain-city",
    caption="A city below snow-covered mountains. The drawing stands for the story; it shows no event.",
    body=(
        text(
            "Opposition groups said on Tuesday that they had taken power in Kyrgyzstan after occupying government "
            "buildings in the capital, Bishkek. The country faces an attempted coup, President Sooronbay Jeenbekov "
            "said.",
            "The protests are over the parliamentary election of 4 October, in which parties close to Mr Jeenbekov won "
            "big. Critics of the vote speak of mass vote buying. The election commission annulled the result, media "
            "reported on Tuesday.",
            "One person was killed in the early-morning unrest and 590 were injured, the government said. Security "
            "forces were ordered not to fire on protesters, according to the president.",
            "The president’s office said that he controlled the situation and that “various political forces” had "
            "tried to seize power.",
            "Opposition politicians, a former prime minister and party leaders among them, said that they had formed a "
            "coordinating council to restore stability and the rule of law. The council faults the president for not "
            "ensuring a fair vote.",
        ),
        subheading("Who was freed, and who acts as minister"),
        text(
            "Former president Almazbek Atambayev, who had been jailed on corruption charges, was freed and an interim "
            "government is being discussed, the opposition said. Which position Mr Atambayev would receive was unclear "
            "on Tuesday. Two former prime ministers and two former lawmakers were freed with him, media reported.",
            "The interior minister, Kashkar Junushaliyev, did not come to work, a spokesman for his ministry said. "
            "Kursan Asanov, an opposition politician and former senior security official, is acting in his place, "
            "according to the spokesman.",
            "On Tuesday morning reporters saw supporters of Sadyr Japarov, whom protesters had freed, meet before the "
            "building that houses the presidency and parliament. They called for him to be prime minister or "
            "president, the reporters said.",
            "Windows were broken and debris lay in the rooms, reporters said. They saw protesters guard the exits, "
            "no official security, and volunteers who handed out tea and helped to clean up.",
        ),
        quote("a legal solution", "What the Russian embassy in Bishkek called for on Tuesday"),
        text(
            "The safety of citizens and stability were the priority, the Russian embassy in Bishkek said.",
            "Kyrgyzstan, a neighbour of China, has 6.5 million people. Russia keeps an air base there, and a large "
            "gold mine is Canadian-controlled. Risings in 2005 and in 2010 brought presidents down.",
            "<i>This is what was said and seen on 6 October 2020, and by whom.</i>",
        ),
    ),
)
