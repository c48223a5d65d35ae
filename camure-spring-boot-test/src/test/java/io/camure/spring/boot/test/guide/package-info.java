/** The applications of the guides in the README. */
package io.camure.spring.boot.test.guide;
