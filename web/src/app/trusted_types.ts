/** The part of the browser's Trusted Types that the app uses. */
interface TrustedTypePolicies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): unknown;
}

/**
 * Lets the browser load workers of this server only. Everything else that could run as code is refused
 * by the content policy: the app writes no HTML.
 */
export function restrictScripts(): void {
  const { trustedTypes } = globalThis as {
    trustedTypes?: TrustedTypePolicies;
  };
  trustedTypes?.createPolicy("default", {
    createScriptURL(url) {
      if (new URL(url, document.baseURI).origin === location.origin) return url;
      throw new TypeError(`Script of another server: ${url}`);
    },
  });
}
