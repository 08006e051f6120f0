import { useApi } from "@paceline/sdk/react";
import { useWithPassword } from "./confirm_password.tsx";
import {
  useMutation,
  type UseMutationResult,
  useQueryClient,
} from "@tanstack/react-query";

/** The options of a mutation, from `useApi()`. */
interface ActionOptions<Input, Output> {
  mutationFn: (input: Input) => Promise<Output>;
}

/**
 * Returns a mutation after which everything on screen is fetched again. It asks for the password if
 * the server wants it confirmed.
 */
export function useAction<Input, Output>(
  options: ActionOptions<Input, Output>,
  { onSuccess }: { onSuccess?: (output: Output) => void } = {},
): UseMutationResult<Output, Error, Input> {
  const api = useApi();
  const queryClient = useQueryClient();
  const withPassword = useWithPassword();
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => withPassword(() => options.mutationFn(input)),
    retry: false,
    async onSuccess(output) {
      onSuccess?.(output);
      await queryClient.invalidateQueries({ queryKey: api.queryKey() });
    },
  });
}
