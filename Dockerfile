# Builds palabre from a clean checkout: docker build -t palabre .
FROM golang:1.26-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o /palabre ./cmd/palabre

FROM debian:trixie-slim
RUN apt-get update \
	&& apt-get install -y --no-install-recommends ca-certificates \
	&& rm -rf /var/lib/apt/lists/* \
	&& useradd --system --uid 10001 --home-dir /data palabre \
	&& install -d -o palabre -g palabre /data
COPY --from=build /palabre /usr/local/bin/palabre
USER palabre
VOLUME /data
ENV PALABRE_DATA=/data
EXPOSE 8080
ENTRYPOINT ["palabre"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
