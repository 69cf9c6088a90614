import { asMember, rolesOf } from './account';
import { tenantNameFor, withSuffix } from './tenant-name';
import { UserEntity } from './user.entity';

it.each([
  ['admin', false, 'admin'],
  ['user', true, 'admin'],
  ['tenant_admin', false, 'tenant_admin'],
  ['user', false, 'user'],
  ['something of the earlier build', false, 'user'],
])('role %s (superuser: %s) is %s', (role, isSuperuser, expected) => {
  expect(rolesOf({ role, isSuperuser })).toEqual([expected]);
});

it('makes no member of a user without a tenant', () => {
  const user = Object.assign(new UserEntity(), { tenant: null, tenantId: null });
  expect(() => asMember(user)).toThrow('Sign in again');
});

it.each([
  ['Acme', 'Acme'],
  ['  Acme ', 'Acme'],
  ['   ', 'a@b.example'],
  [null, 'a@b.example'],
  [undefined, 'a@b.example'],
  ['x'.repeat(300), 'x'.repeat(255)],
])('names the tenant of %s', (organization, name) => {
  expect(tenantNameFor(organization, 'a@b.example')).toBe(name);
});

it('keeps a name with its suffix within the column', () => {
  expect(withSuffix('Acme', 'cafe')).toBe('Acme-cafe');
  expect(withSuffix('x'.repeat(255))).toMatch(/^x{246}-[0-9a-f]{8}$/);
});
