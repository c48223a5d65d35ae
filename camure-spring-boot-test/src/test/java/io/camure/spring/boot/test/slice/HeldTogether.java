package io.camure.spring.boot.test.slice;

import io.camure.spring.CamureFlip;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** An annotation of the application's own. */
@CamureFlip("held-rates")
@Retention(RetentionPolicy.RUNTIME)
@interface HeldTogether {}
