from __future__ import annotations

import zoneinfo
from importlib.util import find_spec
from pathlib import Path

import pytest

from ballyhoo.core.policy.zones import find_zone
from ballyhoo.core.settings import SettingsError, find_strays, load_settings
from ballyhoo.core.starter import write_workspace


def write(folder: Path, text: str, name: str = "ballyhoo.toml") -> None:
    (folder / name).write_text(text)


def test_without_files_everything_has_a_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.database_url.get_secret_value() == ""
    assert settings.plugins.allow is None
    assert settings.safety.only_to == []


def test_the_environment_wins_over_the_local_file_and_that_over_the_toml(tmp_path: Path) -> None:
    write(tmp_path, 'base_url = "https://a.example"\n[brand]\nname = "A"\nlogo = "https://l"')
    write(tmp_path, 'base_url = "https://b.example"\n[brand]\nname = "B"', "ballyhoo.local.toml")
    settings = load_settings(tmp_path, {"BALLYHOO_BRAND__NAME": "C"})
    assert settings.base_url == "https://b.example"
    assert settings.brand.name == "C"
    assert settings.brand.logo == "https://l"


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("BALLYHOO_DATABASE_URL", "sqlite:///x.db", lambda s: s.database_url.get_secret_value()),
        ("BALLYHOO_BROKER_URL", "redis://h", lambda s: s.broker_url.get_secret_value()),
        ("BALLYHOO_SMTP_URL", "smtp://h", lambda s: s.smtp_url.get_secret_value()),
        ("BALLYHOO_SECRET_KEY", "k", lambda s: s.secret_key.get_secret_value()),
        ("BALLYHOO_BASE_URL", "https://x", lambda s: s.base_url),
        ("BALLYHOO_TIME_ZONE", "Asia/Kathmandu", lambda s: s.time_zone),
        ("BALLYHOO_ARTIFACT_PLACE", "/srv/models", lambda s: s.artifact_place),
        ("BALLYHOO_SENDERS__NEWS__DOMAIN", "x.example", lambda s: s.senders["news"].domain),
        ("BALLYHOO_PLUGINS__SMS__GATEWAY", "g", lambda s: s.plugins.tables["sms"]["gateway"]),
    ],
)
def test_every_kind_of_setting_can_come_from_the_environment(
    tmp_path: Path, variable: str, value: str, read: object
) -> None:
    assert callable(read)
    assert read(load_settings(tmp_path, {variable: value})) == value


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Europe/Berln", "there is no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?"),
        ("europe/berlin", "there is no time zone 'europe/berlin'; did you mean 'Europe/Berlin'?"),
        ("Vienna", "there is no time zone 'Vienna'; did you mean 'Europe/Vienna'?"),
        ("+02:00", "there is no time zone '+02:00'; one is called Europe/Berlin"),
        ("", "there is no time zone ''; one is called Europe/Berlin"),
    ],
)
def test_time_zone_that_does_not_exist_is_told_which_was_meant(
    tmp_path: Path, written: str, said: str
) -> None:
    write(tmp_path, f'time_zone = "{written}"')
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path, {})
    assert error.value.message == f"ballyhoo.toml: time_zone: {said}"


def test_machine_without_time_zones_is_told_what_to_install(tmp_path: Path) -> None:
    if find_spec("tzdata") is not None:
        pytest.skip("the package tzdata is installed, so there always are time zones")
    write(tmp_path, 'time_zone = "Europe/Berlin"')
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    find_zone.cache_clear()
    try:
        with pytest.raises(SettingsError, match="pip install tzdata"):
            load_settings(tmp_path, {})
    finally:
        zoneinfo.reset_tzpath()
        find_zone.cache_clear()


def test_lists_and_numbers_come_from_the_environment_too(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path,
        {
            "BALLYHOO_SAFETY__ONLY_TO": "@a.example, b@c.example",
            "BALLYHOO_RETENTION__EVENTS_DAYS": "90",
            "BALLYHOO_PLUGINS__ALLOW": "ballyhoo",
        },
    )
    assert settings.safety.only_to == ["@a.example", "b@c.example"]
    assert settings.retention.events_days == 90
    assert settings.plugins.allow == ["ballyhoo"]


def test_every_mistake_is_named_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, 'databse_url = "x"\n[brand]\ncolors = {}\n[senders.news]\ndomian = "x"')
    with pytest.raises(SettingsError) as failure:
        load_settings(tmp_path, {"BALLYHOO_RETENTION__EVENTS_DAYS": "soon"})
    assert sorted(failure.value.message.splitlines()) == [
        "BALLYHOO_RETENTION__EVENTS_DAYS: must be a whole number, not 'soon'",
        "ballyhoo.toml: brand.colors: unknown setting; did you mean 'colours'?",
        "ballyhoo.toml: databse_url: unknown setting; did you mean 'database_url'?",
        "ballyhoo.toml: senders.news.domian: unknown setting; did you mean 'domain'?",
    ]


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    write(tmp_path, "base_url = \n")
    with pytest.raises(SettingsError, match=r"^ballyhoo.toml: not TOML: .*line 1"):
        load_settings(tmp_path, {})


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"BALLYHOO_SMTP_URL": "smtp://me:hush@mail.example"})
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings.model_dump())


def test_a_stray_variable_is_not_refused_but_found(tmp_path: Path) -> None:
    environment = {"BALLYHOO_DATABSE_URL": "x", "BALLYHOO_SMS_TOKEN_OF_OURS": "y", "PATH": "z"}
    load_settings(tmp_path, environment)
    assert find_strays(environment) == {
        "BALLYHOO_DATABSE_URL": "is not a setting; did you mean BALLYHOO_DATABASE_URL?"
    }


def test_a_new_workspace_has_three_different_keys(tmp_path: Path) -> None:
    write_workspace(tmp_path / "shop")
    settings = load_settings(tmp_path / "shop", {})
    keys = [
        getattr(settings, name).get_secret_value()
        for name in ("secret_key", "assignment_key", "suppression_key")
    ]
    assert len(set(keys)) == 3
    assert all(len(key) >= 40 for key in keys)
    assert (tmp_path / "shop/ballyhoo.local.toml").stat().st_mode & 0o077 == 0


SECRET = "whsec_YSBsb25nIHJhbmRvbSB0ZXh0"


@pytest.mark.parametrize(
    ("webhook", "said"),
    [
        ('url = "http://crm.example"', "must be https; http is for this machine alone"),
        ('url = "https://me:pass@crm.example"', "must have no user and password"),
        ('url = "ftp://crm.example"', "is not an address; write https://host/path"),
        ('url = "https://crm.example"\nkinds = []', "is told nothing; leave kinds out"),
        ('url = "https://crm.example"\nname = "My CRM"', "must be small letters, digits, dots"),
        ('url = "https://crm.example"\nkind = ["sent"]', "unknown setting; did you mean 'kinds'?"),
    ],
)
def test_an_endpoint_that_is_wrong_is_refused_and_its_secret_not_shown(
    tmp_path: Path, webhook: str, said: str
) -> None:
    write(tmp_path, f'[[webhooks]]\nsecret = "{SECRET}"\n{webhook}\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "pass" not in str(caught.value).replace("password", "")


def test_endpoints_are_told_apart_by_name_or_host(tmp_path: Path) -> None:
    one = f'[[webhooks]]\nurl = "https://crm.example/a"\nsecret = "{SECRET}"\n'
    write(tmp_path, one + one)
    with pytest.raises(SettingsError, match=r"two of them are called 'crm\.example'"):
        load_settings(tmp_path, {})
    write(tmp_path, f'{one}{one}name = "other"\n')
    assert [each.called for each in load_settings(tmp_path, {}).webhooks] == [
        "crm.example", "other",
    ]  # fmt: skip


def test_endpoints_can_come_from_the_environment_as_json(tmp_path: Path) -> None:
    text = f'[{{"url": "http://localhost:9/x", "secret": "{SECRET}", "allow_private": true}}]'
    (one,) = load_settings(tmp_path, {"BALLYHOO_WEBHOOKS": text}).webhooks
    assert one.called == "localhost"
    with pytest.raises(SettingsError, match="BALLYHOO_WEBHOOKS"):
        load_settings(tmp_path, {"BALLYHOO_WEBHOOKS": "[{]"})


def test_keys_of_sites_and_lists_of_plugins_can_come_from_the_environment_as_json(
    tmp_path: Path,
) -> None:
    settings = load_settings(
        tmp_path,
        {
            "BALLYHOO_SERVE__SITE_KEYS": '{"pk_shop": ["https://shop.example"]}',
            "BALLYHOO_PLUGINS__EMAIL_CHANNEL__SES_TOPICS": '["arn:aws:sns:eu-west-1:1:returns"]',
            "BALLYHOO_PLUGINS__ACME__PASSWORD": "[no list",
        },
    )
    assert settings.serve.site_keys == {"pk_shop": ["https://shop.example"]}
    assert settings.plugins.tables["email_channel"]["ses_topics"] == [
        "arn:aws:sns:eu-west-1:1:returns"
    ]
    assert settings.plugins.tables["acme"]["password"] == "[no list"
