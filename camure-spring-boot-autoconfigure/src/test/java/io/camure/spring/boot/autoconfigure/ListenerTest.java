package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.Message;
import io.camure.spring.CamureListener;
import io.camure.spring.listener.ListenerRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

class ListenerTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** What a listener was given, as far as it can be compared. */
    static class Received {

        final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

        Object next() throws InterruptedException {
            return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static class BytesListener extends Received {
        @CamureListener(group = "files")
        void on(byte[] content) {
            queue.add(new String(content, StandardCharsets.UTF_8));
        }
    }

    static class StringListener extends Received {
        @CamureListener("${group-to-hear}")
        void on(String content) {
            queue.add(content);
        }
    }

    static class StreamListener extends Received {
        @CamureListener(group = "files")
        public void on(InputStream content) throws IOException {
            queue.add(new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static class MessageListener extends Received {
        @CamureListener(group = "files")
        private void on(Message message) throws IOException {
            queue.add(new String(message.bytes(), StandardCharsets.UTF_8));
        }
    }

    private static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return TestSession.memberOf(coordinator).withPropertyValues("group-to-hear=files");
    }

    private static void send(ApplicationContext coordinator, String... messages) throws InterruptedException {
        for (String message : messages) {
            coordinator.getBean(BroadcastGroup.class).send(message.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {BytesListener.class, StringListener.class, StreamListener.class, MessageListener.class})
    void aListenerTakesTheContentAsItIs(Class<? extends Received> type) {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator).withBean(type).run(member -> {
                    send(coordinator, "grüezi", "", "ciao");
                    Received received = member.getBean(type);
                    assertThat(received.next()).isEqualTo("grüezi");
                    assertThat(received.next()).isEqualTo("");
                    assertThat(received.next()).isEqualTo("ciao");
                }));
    }

    record Price(String symbol, int cents) {}

    static class PriceListener extends Received {
        @CamureListener(group = "files")
        void on(List<Price> prices) {
            queue.add(prices);
        }
    }

    @Test
    void aListenerTakesAnObjectFromJson() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                        .withBean(PriceListener.class)
                        .run(member -> {
                            send(coordinator, "not json", "[{\"symbol\": \"CMR\", \"cents\": 74}]");
                            assertThat(member.getBean(PriceListener.class).next())
                                    .isEqualTo(List.of(new Price("CMR", 74)));
                        }));
    }

    static class FailingListener extends Received {
        @CamureListener(group = "files")
        void on(String content) throws IOException {
            queue.add(content);
            switch (content) {
                case "exception" -> throw new IOException("on purpose");
                case "error" -> throw new AssertionError("on purpose");
                case "interrupt" -> Thread.currentThread().interrupt();
                default -> {}
            }
        }
    }

    @Test
    void aListenerGoesOnAfterAFailure() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(FailingListener.class)
                        .run(member -> {
                            String[] messages = {"exception", "error", "interrupt", "last"};
                            send(coordinator, messages);
                            for (String message : messages) {
                                assertThat(member.getBean(FailingListener.class).next())
                                        .isEqualTo(message);
                            }
                        }));
    }

    static class DigestListener extends Received {
        @CamureListener(group = "files")
        void on(InputStream content) throws Exception {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream stream = new DigestInputStream(content, digest)) {
                stream.transferTo(OutputStream.nullOutputStream());
            }
            queue.add(HexFormat.of().formatHex(digest.digest()));
        }
    }

    @Test
    void aStreamIsReadWhileItArrives() {
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(DigestListener.class)
                        .run(member -> {
                            MessageDigest digest = MessageDigest.getInstance("SHA-256");
                            // More than the windows of both sides hold, so that it ends only if the listener reads
                            // meanwhile.
                            coordinator.getBean(BroadcastGroup.class).send(out -> {
                                for (int i = 0; i < 16; i++) {
                                    out.write(block);
                                    digest.update(block);
                                }
                            });
                            assertThat(member.getBean(DigestListener.class).next())
                                    .isEqualTo(HexFormat.of().formatHex(digest.digest()));
                        }));
    }

    @Test
    void aMessageThatWasGivenUpIsNotListenedTo() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(BytesListener.class)
                        .run(member -> {
                            assertThatIOException()
                                    .isThrownBy(() -> coordinator
                                            .getBean(BroadcastGroup.class)
                                            .send(out -> {
                                                out.write(new byte[5000]);
                                                throw new IOException("the source is broken");
                                            }));
                            send(coordinator, "whole");
                            assertThat(member.getBean(BytesListener.class).next())
                                    .isEqualTo("whole");
                        }));
    }

    @Test
    void aListenerOfASessionThatWasStoppedListensAgainWhenItIsStarted() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(BytesListener.class)
                        .run(member -> {
                            ConfigurableApplicationContext context = member.getSourceApplicationContext();
                            context.stop();
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(TestSession.threads())
                                            .noneMatch(name -> name.contains("member")));
                            context.start();
                            send(coordinator, "again");
                            assertThat(member.getBean(BytesListener.class).next())
                                    .isEqualTo("again");
                        }));
    }

    static class SlowListener extends Received {

        final CountDownLatch mayGoOn = new CountDownLatch(1);

        @CamureListener(group = "files")
        void on(String content) throws InterruptedException {
            queue.add(content);
            mayGoOn.await();
        }
    }

    @Test
    void aListenerThatIsStartedWhileItStillHandlesAMessageGoesOn() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(SlowListener.class)
                        .run(member -> {
                            SlowListener listener = member.getBean(SlowListener.class);
                            ListenerRegistry listeners = member.getBean(ListenerRegistry.class);
                            CompletableFuture<Void> stopped = new CompletableFuture<>();
                            send(coordinator, "slow");
                            assertThat(listener.next()).isEqualTo("slow");
                            listeners.stop(() -> stopped.complete(null));
                            assertThat(stopped).isNotDone();
                            listeners.start();
                            listener.mayGoOn.countDown();
                            send(coordinator, "next");
                            assertThat(listener.next()).isEqualTo("next");
                        }));
    }

    static class ClosingListener extends Received {
        @Autowired
        ConfigurableApplicationContext context;

        @CamureListener(group = "files")
        void on(String content) {
            context.close();
            queue.add(content);
        }
    }

    @Test
    void aListenerCanEndItsApplication() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(ClosingListener.class)
                        .run(member -> {
                            ClosingListener listener = member.getBean(ClosingListener.class);
                            send(coordinator, "end");
                            assertThat(listener.next()).isEqualTo("end");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(TestSession.threads())
                                            .noneMatch(name -> name.contains("member")));
                        }));
    }

    @Test
    void lazyInitializationDoesNotHideListeners() {
        // Not asked of the context, which would make it then.
        BytesListener listener = new BytesListener();
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withInitializer(context ->
                                context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                        .withBean(BytesListener.class, () -> listener)
                        .run(member -> {
                            send(coordinator, "hello");
                            assertThat(listener.next()).isEqualTo("hello");
                        }));
    }

    @Test
    void aListenerIsCalledThroughTheProxyOfItsBean() {
        BlockingQueue<String> intercepted = new LinkedBlockingQueue<>();
        StreamListener target = new StreamListener();
        ProxyFactory factory = new ProxyFactory(target);
        factory.setProxyTargetClass(true);
        factory.addAdvice((MethodInterceptor) invocation -> {
            intercepted.add(invocation.getMethod().getName());
            return invocation.proceed();
        });
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(StreamListener.class, () -> (StreamListener) factory.getProxy())
                        .run(member -> {
                            send(coordinator, "hello");
                            assertThat(target.next()).isEqualTo("hello");
                            assertThat(intercepted).containsExactly("on");
                        }));
    }
}
