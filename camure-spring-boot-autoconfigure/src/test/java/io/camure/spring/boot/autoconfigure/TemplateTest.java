package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.BroadcastReceiver;
import io.camure.Delivery;
import io.camure.DeliveryTimeoutException;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.spring.BroadcastSender;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.SessionNotRunningException;
import io.camure.spring.UnknownGroupException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import tools.jackson.databind.json.JsonMapper;

/** Objects that are sent, and how their sender knows that they have arrived. */
class TemplateTest {

    record Price(String symbol, int cents) {}

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner withJson(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class));
    }

    private static CamureTemplate template(ApplicationContext context) {
        return context.getBean(CamureTemplate.class);
    }

    static class PriceListener {

        final BlockingQueue<Price> prices = new LinkedBlockingQueue<>();

        @CamureListener("files")
        void on(Price price) {
            prices.add(price);
        }

        @Nullable
        Price next() throws InterruptedException {
            return prices.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    record Senders(BroadcastSender<Price> prices, BroadcastSender<String> words) {}

    @Test
    void listenersGetBackWhatWasSent() {
        withJson(TestSession.coordinator())
                .withPropertyValues(
                        "camure.groups.files.payload-type=" + Price.class.getName(),
                        "camure.groups.all-words.type=broadcast",
                        "camure.groups.all-words.payload-type=java.lang.String")
                .withBean(Senders.class)
                .run(coordinator -> withJson(TestSession.memberOf(coordinator))
                        .withBean(PriceListener.class)
                        .run(member -> {
                            PriceListener listener = member.getBean(PriceListener.class);
                            Price price = new Price("CMR", 74);
                            assertThat(template(coordinator).send("files", price))
                                    .succeedsWithin(TestSession.SOON);
                            assertThat(listener.next()).isEqualTo(price);

                            Senders senders = coordinator.getBean(Senders.class);
                            assertThat(senders.prices().send(price)).succeedsWithin(TestSession.SOON);
                            assertThat(listener.next()).isEqualTo(price);
                            assertThat(senders.words()).isSameAs(coordinator.getBean("allWordsSender"));
                        }));
    }

    /** What Spring Integration has under this name in each application. */
    static class ChannelConverter implements MessageConverter {

        @Override
        public Object fromMessage(Message<?> message, Class<?> target) {
            throw new ConverterNotFoundException(
                    TypeDescriptor.forObject(message.getPayload()), TypeDescriptor.valueOf(target));
        }

        @Override
        public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
            throw new UnsupportedOperationException("This converter does not support this method");
        }
    }

    @Test
    void theConverterOfSpringIntegrationsChannelsIsLeftAlone() {
        withJson(TestSession.coordinator())
                .withBean("datatypeChannelMessageConverter", MessageConverter.class, ChannelConverter::new)
                .run(coordinator -> withJson(TestSession.memberOf(coordinator))
                        .withBean("datatypeChannelMessageConverter", MessageConverter.class, ChannelConverter::new)
                        .withBean(PriceListener.class)
                        .run(member -> {
                            Price price = new Price("CMR", 74);
                            assertThat(template(coordinator).send("files", price))
                                    .succeedsWithin(TestSession.SOON);
                            assertThat(member.getBean(PriceListener.class).next())
                                    .isEqualTo(price);
                        }));
    }

    @Test
    void nothingIsRefusedAsAMessage() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.payload-type=java.lang.String")
                .run(coordinator -> {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> template(coordinator).send("files", null))
                            .withMessageContainingAll("files", "is null", "an empty byte[]");
                    BroadcastSender<?> sender = coordinator.getBean("filesSender", BroadcastSender.class);
                    assertThatIllegalArgumentException().isThrownBy(() -> sender.send(null));
                });
    }

    @Test
    void bytesAndTextAreSentAsTheyAre() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    BroadcastReceiver files = member.getBean(BroadcastReceiver.class);
                    for (Object payload : new Object[] {"grüezi", "grüezi".getBytes("UTF-8")}) {
                        CompletableFuture<Delivery> delivery =
                                template(coordinator).send("files", payload);
                        assertThat(files.receive(TestSession.SOON).orElseThrow().inputStream())
                                .hasContent("grüezi");
                        assertThat(delivery)
                                .succeedsWithin(TestSession.SOON)
                                .satisfies(toMember -> assertThat(toMember.nodes())
                                        .singleElement()
                                        .satisfies(node -> assertThat(node.address())
                                                .isEqualTo(member.getBean(Member.class)
                                                        .address())));
                    }
                }));
    }

    @Test
    void eachOfManyMessagesIsKnownToBeDelivered() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        deliveries.add(template(coordinator).send("files", "message " + i));
                    }
                    assertThat(CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new)))
                            .succeedsWithin(TestSession.SOON);
                    for (int i = 0; i < 100; i++) {
                        assertThat(member.getBean(BroadcastReceiver.class)
                                        .receive(TestSession.SOON)
                                        .orElseThrow()
                                        .inputStream())
                                .hasContent("message " + i);
                    }
                }));
    }

    @Test
    void whoIsToldOfADeliveryMaySendAndWaitForTheNext() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CamureTemplate template = template(coordinator);
                    assertThat(template.send("files", "one")
                                    .thenRun(() -> template.send("files", "two").join()))
                            .succeedsWithin(TestSession.SOON);
                }));
    }

    @Test
    void whatIsNotDeliveredFailsWithTheReason() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.timeout=100ms")
                .run(coordinator -> {
                    CamureTemplate template = template(coordinator);
                    // The expected member is not there.
                    assertThat(template.send("files", "early"))
                            .failsWithin(TestSession.SOON)
                            .withThrowableThat()
                            .withCauseInstanceOf(DeliveryTimeoutException.class);
                    assertThatExceptionOfType(UnknownGroupException.class)
                            .isThrownBy(() -> template.send("flies", "lost"));
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> template.send("finish", "lost"));
                    coordinator.getSourceApplicationContext().stop();
                    assertThat(template.send("files", "late"))
                            .failsWithin(TestSession.SOON)
                            .withThrowableThat()
                            .withCauseInstanceOf(SessionNotRunningException.class);
                });
    }

    @Test
    void whatAMemberHasNoRoomForIsNotDelivered() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.timeout=2s")
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withPropertyValues("camure.member.receive-window=128")
                        .run(member -> {
                            assertThat(template(coordinator).send("files", new byte[1400]))
                                    .succeedsWithin(TestSession.SOON);
                            List<CompletableFuture<Delivery>> sent = new ArrayList<>();
                            CompletableFuture<Delivery> next =
                                    template(coordinator).send("files", new byte[1400]);
                            // Until there is no room at the coordinator, either.
                            while (!next.isCompletedExceptionally()) {
                                sent.add(next);
                                next = template(coordinator).send("files", new byte[1400]);
                            }
                            assertThat(sent)
                                    .last()
                                    .satisfies(last -> assertThat(last)
                                            .failsWithin(TestSession.SOON)
                                            .withThrowableThat()
                                            .withCauseInstanceOf(DeliveryTimeoutException.class));
                        }));
    }

    @Test
    void whoIsInterruptedIsTold() {
        TestSession.coordinator().run(coordinator -> {
            Thread.currentThread().interrupt();
            CompletableFuture<Delivery> delivery = template(coordinator).send("files", "never");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(delivery)
                    .failsWithin(TestSession.SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(InterruptedException.class);
        });
    }

    @Test
    void aGroupThatIsMadeAnewIsSentTo() {
        TestSession.coordinator().run(coordinator -> {
            CamureGroups groups = coordinator.getBean(CamureGroups.class);
            for (int i = 0; i < 2; i++) {
                groups.createBroadcast("late", GroupConfig.defaults());
                assertThat(template(coordinator).send("late", "nobody hears it"))
                        .succeedsWithin(TestSession.SOON)
                        .satisfies(toNobody -> assertThat(toNobody.count()).isZero());
                groups.remove("late");
            }
        });
    }

    @Test
    void withoutJacksonAnObjectIsRefused() {
        TestSession.coordinator()
                .withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .run(coordinator -> assertThatExceptionOfType(MessageConversionException.class)
                        .isThrownBy(() -> template(coordinator).send("files", new Price("CMR", 74)))
                        .withMessageContainingAll(Price.class.getName(), "spring-boot-starter-jackson"));
    }

    @Test
    void theUsersOwnTemplateIsUsed() {
        ApplicationContextRunner runner = TestSession.coordinator();
        runner.run(first -> runner.withBean("mine", CamureTemplate.class, () -> template(first))
                .run(second -> assertThat(second).hasSingleBean(CamureTemplate.class)));
    }
}
