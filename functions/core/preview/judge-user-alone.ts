import type { JudgedSession, SessionJudge } from './preview-judge.ts';

/**
 * The judge of an IAM user's own session: AWS takes no policy for it, so that what bounds it is not known here, and nothing is decided.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function judgeUserAlone({ userArn }: Pick<JudgedSession, 'userArn'>): SessionJudge {
  const fault = `GetSessionToken takes no session policy: what the session may do is what the policies of ${userArn} say alone, which are not known here`;
  return {
    fault,
    judge: () => ({
      effect: 'undecided',
      sessionEffect: 'undecided',
      reason: `cannot be decided: ${fault}`,
    }),
  };
}
