/**
 * Fixtures of camure's own tests, which users never see: {@link io.camure.test.support.Loopback} opens sessions on loopback,
 * {@link io.camure.test.support.ScriptedMember} and {@link io.camure.test.support.ScriptedCoordinator} speak the protocol of
 * 0.1 without the codec under test.
 */
package io.camure.test.support;
