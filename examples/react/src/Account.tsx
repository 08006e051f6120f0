import type { User } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useMutation } from "@tanstack/react-query";

export function Account({ user }: { user: User }) {
  const logout = useMutation(useApi().auth.logout.mutationOptions());
  return (
    <span className="account">
      <span>
        {user.display_name} <small>{user.email}</small>
      </span>
      <button
        type="button"
        disabled={logout.isPending}
        onClick={() => logout.mutate()}
      >
        Log out
      </button>
    </span>
  );
}
