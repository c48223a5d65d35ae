/** Coordinators that are found as instances of a service, by Spring Cloud's DiscoveryClient. */
@NullMarked
package io.camure.spring.boot.autoconfigure.discovery;

import org.jspecify.annotations.NullMarked;
