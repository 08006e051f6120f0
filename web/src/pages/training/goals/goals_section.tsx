import { type ReactNode, useState } from "react";
import { removeGoal, restoreGoal, useGoals } from "../../../app/goals.ts";
import { type Goal, MAX_GOALS } from "../../../app/parse_goals.ts";
import { Card } from "../../../parts/card.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { GoalForm } from "./goal_form.tsx";
import { GoalProgress, useGoalName } from "./goal_progress.tsx";

/** The visitor's goals, and the form that adds and changes them. */
export function GoalsSection(): ReactNode {
  const { training: { goals: texts }, app } = useTexts();
  const goals = useGoals();
  const toName = useGoalName();
  /** The goal in the form: a new one, or the one with this id. */
  const [edited, setEdited] = useState<string>();
  const [removed, setRemoved] = useState<{ goal: Goal; place: number }>();
  const remove = (goal: Goal): void => {
    setRemoved({ goal, place: goals.indexOf(goal) });
    removeGoal(goal.id);
  };
  return (
    <section id="goals" className="goals" aria-labelledby="goals-title">
      <header className="goals-head">
        <h2 id="goals-title">{texts.title}</h2>
        {goals.length < MAX_GOALS && edited !== "new" && (
          <button
            type="button"
            className="button"
            onClick={() => setEdited("new")}
          >
            {texts.add}
          </button>
        )}
      </header>
      {removed && (
        <p className="note" role="status">
          {texts.removed(toName(removed.goal))}{" "}
          <button
            type="button"
            className="button quiet"
            onClick={() => {
              restoreGoal(removed.goal, removed.place);
              setRemoved(undefined);
            }}
          >
            {app.undo}
          </button>
        </p>
      )}
      <div className="cards">
        {edited === "new" && (
          <Card title={texts.add}>
            <GoalForm onDone={() => setEdited(undefined)} />
          </Card>
        )}
        {goals.map((goal) => (
          <Card key={goal.id} title={toName(goal)}>
            {edited === goal.id
              ? <GoalForm goal={goal} onDone={() => setEdited(undefined)} />
              : (
                <>
                  <GoalProgress goal={goal} />
                  <p className="actions">
                    <button
                      type="button"
                      className="button"
                      aria-label={`${texts.edit}: ${toName(goal)}`}
                      onClick={() => setEdited(goal.id)}
                    >
                      {texts.edit}
                    </button>
                    <button
                      type="button"
                      className="button quiet"
                      aria-label={`${texts.remove}: ${toName(goal)}`}
                      onClick={() => remove(goal)}
                    >
                      {texts.remove}
                    </button>
                  </p>
                </>
              )}
          </Card>
        ))}
      </div>
      {goals.length === 0 && edited === undefined && (
        <Empty title={texts.none} text={texts.noneText} />
      )}
      <p className="soft">{texts.kept}</p>
    </section>
  );
}
