package io.camure.spring.boot.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Reads {@link CamureTest#properties()}, and refuses other slices beside it. */
final class CamureTestContextBootstrapper extends TestSliceTestContextBootstrapper<CamureTest> {}
