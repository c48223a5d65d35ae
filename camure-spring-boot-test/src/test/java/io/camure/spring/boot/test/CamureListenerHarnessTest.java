package io.camure.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.spring.CamureListener;
import io.camure.spring.boot.test.CamureListenerHarness.Call;
import io.camure.test.CamureTestCoordinator;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.ApplicationContext;

/** What the harness records, and what it leaves alone. */
@Timeout(120)
class CamureListenerHarnessTest {

    static class NewsReader {

        @CamureListener(group = "${news.group}")
        void onNews(String news) {
            if (news.startsWith("bad")) {
                throw new IllegalStateException(news);
            }
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @CamureListener("news")
    @interface NewsListener {}

    static class MetaAnnotated {

        @NewsListener
        void onNews(byte[] news) {}
    }

    /** Can't have a proxy. */
    static final class FinalReader {

        final CompletableFuture<String> read = new CompletableFuture<>();

        @CamureListener("news")
        void onNews(String news) {
            read.complete(news);
        }
    }

    private static void send(ApplicationContext context, String... texts) throws InterruptedException {
        for (String text : texts) {
            context.getBean(CamureTestCoordinator.class).broadcast("news").send(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void recordsCallsInOrderWithWhatTheyFailedWith() {
        TestApplications.application("member")
                .withBean(NewsReader.class)
                .withPropertyValues("news.group=news")
                .run(context -> {
                    send(context, "good", "bad", "better");
                    CamureListenerHarness harness = context.getBean(CamureListenerHarness.class);

                    assertThat(harness.awaitReceived("news", 3, String.class)).containsExactly("good", "bad", "better");
                    assertThat(harness.calls()).hasSize(3).allSatisfy(call -> {
                        assertThat(call.groups()).containsExactly("news");
                        assertThat(call.method()).isEqualTo("NewsReader.onNews");
                    });
                    assertThat(harness.calls("news").get(1).failure()).hasMessage("bad");
                    assertThat(harness.calls("news"))
                            .extracting(Call::failure)
                            .filteredOn(each -> each == null)
                            .hasSize(2);
                    assertThat(harness.received("other", String.class)).isEmpty();
                    assertThat(harness.received("news", Integer.class)).isEmpty();
                    harness.clear();
                    assertThat(harness.calls()).isEmpty();
                });
    }

    static class ReaderOfBoth {

        @CamureListener("news")
        @CamureListener("gossip")
        void onNews(String news) {}
    }

    @Test
    void aMethodMayListenToSeveralGroups() {
        TestApplications.application("member")
                .withBean(ReaderOfBoth.class)
                .withPropertyValues("camure.groups.gossip.type=broadcast", "camure.groups.gossip.id=3")
                .run(context -> {
                    send(context, "good");
                    CamureListenerHarness harness = context.getBean(CamureListenerHarness.class);

                    assertThat(harness.awaitReceived("gossip", String.class)).isEqualTo("good");
                    assertThat(harness.received("news", String.class)).containsExactly("good");
                });
    }

    @Test
    void findsMetaAnnotations() {
        TestApplications.application("member").withBean(MetaAnnotated.class).run(context -> {
            send(context, "good");

            assertThat(context.getBean(CamureListenerHarness.class).awaitReceived("news", byte[].class))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("good");
        });
    }

    @Test
    void leavesListenersAloneThatAProxyCanNotCall() {
        TestApplications.application("member").withBean(FinalReader.class).run(context -> {
            FinalReader reader = context.getBean(FinalReader.class);
            send(context, "good");

            assertThat(reader.read.get(60, TimeUnit.SECONDS)).isEqualTo("good");
            assertThat(AopUtils.isAopProxy(reader)).isFalse();
            assertThat(context.getBean(CamureListenerHarness.class).calls()).isEmpty();
        });
    }

    @Test
    void waitsAsLongAsItIsTold() {
        TestApplications.application("member")
                .withPropertyValues("camure.test.timeout=300ms")
                .run(context -> assertThatExceptionOfType(ConditionTimeoutException.class)
                        .isThrownBy(() ->
                                context.getBean(CamureListenerHarness.class).awaitReceived("news", 2, String.class))
                        .withMessageContaining("2 String of news"));
    }
}
