package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.listeners;
import static io.camure.spring.boot.autoconfigure.TestSession.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureListener;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** By which threads listeners are called. */
class ListenerThreadTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class WhichThread extends ReceivingListener {
        @CamureListener(group = "files")
        void on(byte[] content) throws Exception {
            queue.add(Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()) + " "
                    + Thread.currentThread().getName());
        }
    }

    static class WhichThreadOfStream extends ReceivingListener {
        @CamureListener(group = "files")
        void on(InputStream content) throws Exception {
            queue.add("" + Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsCallListenersWhereTheApplicationAsksForThose() {
        TestSession.coordinator().run(coordinator -> {
            TestSession.memberOf(coordinator).withBean(WhichThread.class).run(member -> {
                send(coordinator, "files", "");
                assertThat(member.getBean(WhichThread.class).next()).startsWith("false");
            });
            ApplicationContextRunner virtual =
                    TestSession.memberOf(coordinator).withPropertyValues("spring.threads.virtual.enabled=true");
            virtual.withBean(WhichThread.class).run(member -> {
                send(coordinator, "files", "", "");
                assertThat(member.getBean(WhichThread.class).next()).isEqualTo("true camure-member-files-listener");
                assertThat(member.getBean(WhichThread.class).next()).startsWith("true");
                assertThat(listeners(member).endpoint("files").queueCapacity()).isZero();
            });
            virtual.withBean(WhichThreadOfStream.class).run(member -> {
                send(coordinator, "files", "");
                assertThat(member.getBean(WhichThreadOfStream.class).next()).isEqualTo("false");
            });
        });
    }
}
