/** The application as registered at https://www.strava.com/settings/api, and Strava's addresses. */
export interface StravaApp {
  clientId: string;
  clientSecret: string;
  /** For example `https://www.strava.com/api/v3`. */
  apiUrl: string;
  /** For example `https://www.strava.com/oauth`. */
  oauthUrl: string;
}
