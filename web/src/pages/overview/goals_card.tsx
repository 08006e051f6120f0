import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useGoals } from "../../app/goals.ts";
import { Card } from "../../parts/card.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { GoalProgress, useGoalName } from "../training/goals/goal_progress.tsx";

/** Goals that have a place on the overview. The training page has all. */
const SHOWN = 3;

/** The visitor's goals. */
export function GoalsCard(): ReactNode {
  const { training: { goals: texts } } = useTexts();
  const goals = useGoals();
  const toName = useGoalName();
  return (
    <Card title={texts.title} to="/training" hash="goals">
      {goals.length === 0
        ? (
          <p className="soft">
            {texts.noneText}{" "}
            <Link to="/training" hash="goals">{texts.add}</Link>
          </p>
        )
        : goals.slice(0, SHOWN).map((goal) => (
          <div key={goal.id} className="goal">
            <h3 className="soft">{toName(goal)}</h3>
            <GoalProgress goal={goal} isShort />
          </div>
        ))}
    </Card>
  );
}
