/** A page that shows what the sessions of an application are doing. */
@NullMarked
package io.camure.spring.boot.dashboard;

import org.jspecify.annotations.NullMarked;
