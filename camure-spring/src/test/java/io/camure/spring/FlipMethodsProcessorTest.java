package io.camure.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

/** What a native image has to know of a bean with {@link CamureFlip}. */
class FlipMethodsProcessorTest {

    static class Inherited {

        void activate(String prepared) {}
    }

    @CamureFlip("texts")
    static class Texts extends Inherited {

        String prepare(String value) {
            return value;
        }
    }

    @Test
    void itsMethodsCanBeCalledThoseOfItsSuperclassesToo() throws Exception {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Texts.class);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Texts.class.getDeclaredMethod("prepare", String.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Inherited.class.getDeclaredMethod("activate", String.class)))
                .accepts(hints);
    }
}
