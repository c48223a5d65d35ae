/** A session whose coordinator is found in a service registry as users run one. */
package io.camure.registry;
