/** What the service model of STS says of parameters that several operations have: of an ARN. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const ARN = { min: 20, max: 2048 };
/** A session's name, and a source identity. */
export const NAME = { min: 2, max: 64, pattern: /[\w+=,.@-]*/ };
/** Of sessions of a role. */
export const ROLE_DURATION_SECONDS = { min: 900, max: 43_200 };
/** Of GetFederationToken and GetSessionToken. */
export const USER_DURATION_SECONDS = { min: 900, max: 129_600 };
/** Of a session tag. https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
export const TAG_KEY = { min: 1, max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u };
/** Empty is a value. */
export const TAG_VALUE = { min: 0, max: 256, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u };
/** Of one session. */
export const MAX_TAGS = 50;
