package io.camure.sample;

import io.camure.Barrier;
import io.camure.Member;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Meets the others, waits for the file, and runs barrier rounds. */
@Component
@Profile("member")
class SampleMember implements ApplicationRunner {

    private final Member member;
    private final Barrier startLine;
    private final FileReceiver receiver;
    private final HealthReport health;
    private final EndlessRounds endlessRounds;
    private final SampleProperties properties;

    SampleMember(
            Member member,
            @Qualifier("start-line") Barrier startLine,
            FileReceiver receiver,
            HealthReport health,
            EndlessRounds endlessRounds,
            SampleProperties properties) {
        this.member = member;
        this.startLine = startLine;
        this.receiver = receiver;
        this.health = health;
        this.endlessRounds = endlessRounds;
        this.properties = properties;
    }

    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        startLine.await();
        receiver.awaitFile();
        startLine.await(properties.patience());
        for (int i = 0; i < properties.rounds(); i++) {
            startLine.await();
        }
        health.print(member.name(), System.out);
        startLine.await();
        endlessRounds.run();
    }
}
