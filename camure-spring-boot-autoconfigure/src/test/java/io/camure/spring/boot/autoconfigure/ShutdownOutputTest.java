package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.DisconnectedException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureGroups;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** What an application that is ended while it waits writes: a process of its own gets the signal that Ctrl-C and orchestrators send. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ShutdownOutputTest {

    private static final String WAITING = "the wait begins";

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        CamureAutoConfiguration.class,
        CamureBarrierAutoConfiguration.class,
        CamureMessagingAutoConfiguration.class
    })
    @Import(Scheduling.class)
    static class Application {

        public static void main(String[] arguments) {
            SpringApplication.run(Application.class, arguments);
        }

        @Bean
        @ConditionalOnProperty(name = "waits", havingValue = "application-runner")
        ApplicationRunner applicationRunner(CamureGroups groups) {
            return arguments -> await(groups.barrier("start-line"));
        }

        @Bean
        @ConditionalOnProperty(name = "waits", havingValue = "command-line-runner")
        CommandLineRunner commandLineRunner(CamureGroups groups) {
            return arguments -> await(groups.barrier("start-line"));
        }

        @Bean
        @ConditionalOnProperty(name = "waits", havingValue = "annotated-runner")
        AnnotatedRunner annotatedRunner() {
            return new AnnotatedRunner();
        }

        @Bean
        @ConditionalOnProperty(name = "waits", havingValue = "receiver")
        ApplicationRunner receiver(CamureGroups groups) {
            return arguments -> {
                BroadcastReceiver receiver = groups.broadcastReceiver("files");
                System.out.println(WAITING);
                receiver.receive(TestSession.SOON);
            };
        }

        private static void await(Barrier barrier) throws InterruptedException {
            System.out.println(WAITING);
            barrier.await();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "waits", havingValue = "scheduled")
    @EnableScheduling
    @ImportAutoConfiguration({LifecycleAutoConfiguration.class, TaskSchedulingAutoConfiguration.class})
    static class Scheduling {

        @Bean
        Steps steps(CamureGroups groups) {
            return new Steps(groups.barrier("start-line"));
        }
    }

    /** As the reference has it. */
    record Steps(Barrier startLine) {

        @Scheduled(fixedDelayString = "10s")
        void step() throws InterruptedException {
            try {
                Application.await(startLine);
            } catch (DisconnectedException e) {
                if (e.reason() != DisconnectedException.Reason.CLOSED) {
                    throw e;
                }
            }
        }
    }

    static class AnnotatedRunner implements CommandLineRunner {

        @Override
        @CamureBarrier(group = "start-line", when = CamureBarrier.When.AFTER)
        public void run(String... arguments) {
            System.out.println(WAITING);
        }
    }

    /** Ends a process once it waits, and gives back what it has written. */
    private static List<String> outputOf(String waiting, String... properties)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName(),
                "--logging.level.io.camure=info"));
        for (String property : properties) {
            command.add("--" + property);
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            String line;
            while ((line = output.readLine()) != null) {
                lines.add(line);
                if (line.contains(waiting)) {
                    // Not by the process itself, which would close its output as well.
                    process.toHandle().destroy();
                }
            }
            assertThat(process.waitFor()).as("%s", lines).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
        return lines;
    }

    private static void assertWithoutErrors(List<String> lines) {
        assertThat(lines)
                .noneMatch(line -> line.contains(" ERROR "))
                .noneMatch(line -> line.startsWith("\tat "))
                .noneMatch(line -> line.contains("Application run failed"));
    }

    private static String[] coordinator(String waits) {
        return new String[] {
            "waits=" + waits,
            "spring.lifecycle.timeout-per-shutdown-phase=100ms",
            "camure.role=coordinator",
            "camure.coordinator.bind-address=127.0.0.1:0",
            "camure.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort(),
            "camure.groups.start-line.type=barrier",
            "camure.groups.start-line.expected-members=1"
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"application-runner", "command-line-runner", "annotated-runner"})
    void aRunnerThatWaitsAtABarrierHasNotFailed(String waits) throws Exception {
        assertWithoutErrors(outputOf(WAITING, coordinator(waits)));
    }

    @Test
    void aScheduledMethodCanEndWithoutAnError() throws Exception {
        assertWithoutErrors(outputOf(WAITING, coordinator("scheduled")));
    }

    @Test
    void aRunnerThatWaitsForAMessageHasNotFailed() throws Exception {
        TestSession.coordinator()
                .run(coordinator -> assertWithoutErrors(outputOf(
                        WAITING,
                        "waits=receiver",
                        "camure.role=member",
                        "camure.member.coordinator-address=127.0.0.1:"
                                + coordinator
                                        .getBean(Coordinator.class)
                                        .address()
                                        .getPort(),
                        "camure.groups.files.type=broadcast",
                        "camure.groups.files.id=1")));
    }

    @Test
    void aMemberThatStillWaitsForItsCoordinatorHasNotFailed() throws Exception {
        List<String> lines = outputOf(
                "Trying again",
                "camure.role=member",
                "camure.member.join-timeout=100ms",
                "camure.member.coordinator-address=127.0.0.1:" + TestSession.freePort());
        assertWithoutErrors(lines);
    }
}
