/** Tests of the deployments that are shown: they are read as their platforms read them, and the application runs with them. */
package io.camure.examples;
