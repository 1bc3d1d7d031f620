/** Names of profiles, attributes, scope parameters and resources: what may stand behind the dot of a placeholder. */
export const NAME = /^[a-zA-Z][a-zA-Z0-9-]{0,63}$/;
