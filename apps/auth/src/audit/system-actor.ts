/** Own what nobody signed in did (SPEC S5): audit_logs has neither a null user nor a null tenant. */
export const SYSTEM_USER_ID = '00000000-0000-4000-8000-000000000001';
export const SYSTEM_TENANT_ID = '00000000-0000-4000-8000-000000000002';
