/** The application of docs/testing-applications.md, and its tests. */
package io.camure.spring.boot.test.example;
