package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.boot.test.CamureTestAutoConfiguration;
import io.camure.test.CamureTestNetwork;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTest {

    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    /** Both applications are in it. */
    private final CamureTestNetwork network = CamureTestNetwork.create();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void sendsTheFileAndRunsAllRounds(CapturedOutput output) throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        network.lose(0.02);

        CompletableFuture<ConfigurableApplicationContext> coordinator = run("coordinator", "--sample.file=" + file);
        CompletableFuture<ConfigurableApplicationContext> member =
                run("member", "--sample.directory=" + directory.resolve("member"));
        // So that nobody waits for a coordinator whose member has failed.
        member.whenComplete((context, failure) -> {
            if (failure != null) {
                coordinator.completeExceptionally(failure);
            }
        });
        try (ConfigurableApplicationContext coordinatorContext = coordinator.get(5, TimeUnit.MINUTES);
                ConfigurableApplicationContext memberContext = member.get(5, TimeUnit.MINUTES)) {
            assertThat(directory.resolve("member/received")).hasBinaryContent(content);
            assertThat(roundsOf(coordinatorContext)).isEqualTo(roundsOf(memberContext));
            assertThat(roundsOf(coordinatorContext)).isGreaterThan(ROUNDS);
            assertThat(output).contains("300.0 kB").contains("coordinator ").contains("member ");
            assertThat(network.datagrams().lost()).isPositive();
        }
    }

    private static long roundsOf(ConfigurableApplicationContext context) {
        return context.getBean(MeterRegistry.class)
                .get("camure.round")
                .tag("group", "start-line")
                .tag("outcome", "completed")
                .timer()
                .count();
    }

    private CompletableFuture<ConfigurableApplicationContext> run(String role, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--camure.name=" + role);
        all.add("--camure.test.coordinators=false");
        all.add("--sample.members=1");
        all.add("--sample.rounds=" + ROUNDS);
        all.add("--spring.main.banner-mode=off");
        all.add("--logging.level.root=warn");
        SpringApplicationBuilder application = new SpringApplicationBuilder(
                        SampleApplication.class, CamureTestAutoConfiguration.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("network", network))
                .profiles(role)
                .web(WebApplicationType.NONE);
        // Each on a thread of its own, since they wait for one another.
        return CompletableFuture.supplyAsync(
                () -> application.run(all.toArray(String[]::new)), task -> new Thread(task, role).start());
    }
}
