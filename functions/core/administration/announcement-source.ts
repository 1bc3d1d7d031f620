/** The EventBridge source of everything that Latchkey announces; what comes from it is not listened to. */
export const ANNOUNCEMENT_SOURCE = 'latchkey';
