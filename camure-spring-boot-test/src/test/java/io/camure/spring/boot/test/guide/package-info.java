/** The applications of docs/recipes.md. */
package io.camure.spring.boot.test.guide;
