import { Months } from "./Months";
import { RecentActivities } from "./RecentActivities";
import { YearSoFar } from "./YearSoFar";

export function App() {
  return (
    <main>
      <h1>My year so far</h1>
      <YearSoFar />
      <h2>The last 12 months</h2>
      <Months />
      <h2>Newest activities</h2>
      <RecentActivities />
    </main>
  );
}
