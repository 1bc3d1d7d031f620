import type { Logger } from '@aws-lambda-powertools/logger';
import type { AuditLog } from '../../core/ports.ts';
import { describeCause } from './describe-cause.ts';

/** Writes every outcome as one structured line: level INFO for what was granted, WARN for what was refused. */
export function createAuditLog(logger: Pick<Logger, 'info' | 'warn'>): AuditLog {
  return {
    record({ cause, ...event }) {
      const line = cause === undefined ? event : { ...event, cause: describeCause(cause) };
      if (event.code === 'granted') logger.info('audit', { audit: line });
      else logger.warn('audit', { audit: line });
    },
  };
}
