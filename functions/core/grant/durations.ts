/** The shortest session that STS makes, in seconds. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_MIN_SECONDS = 900;

/**
 * The longest session here, in seconds. A Lambda function's own role is a session already, and AWS gives a session
 * made from a session one hour at most, whatever the role allows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export const ROLE_CHAINING_MAX_SECONDS = 3600;
