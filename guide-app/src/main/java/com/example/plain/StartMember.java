package com.example.plain;

import io.camure.Barrier;
import io.camure.Member;
import io.camure.MemberConfig;
import java.net.InetSocketAddress;
import java.time.Duration;

public class StartMember {

    public static void main(String[] args) throws InterruptedException {
        InetSocketAddress coordinator = new InetSocketAddress("127.0.0.1", 7400);
        Duration patience = Duration.ofHours(1);
        MemberConfig config = MemberConfig.builder().joinTimeout(patience).build();
        try (Member member = Member.join(coordinator, config)) {
            Barrier startLine = member.joinBarrier(0);
            System.out.println("at a member: " + startLine.await(patience));
        }
    }
}
