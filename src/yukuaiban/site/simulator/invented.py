"""Invented applicants: names of persons and enterprises put together from common parts. None is meant to exist."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from yukuaiban.people.identity import inner_check, uscc_check

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红玲建国志远海东晓雨欣怡子轩梓涵"
_PLACES = ("赣榆", "连云港", "青口", "海头", "石桥", "柘汪", "沙河", "墩尚", "班庄", "城头")
_NAMES = (
    "海之润",
    "兴渔",
    "榆丰",
    "东港",
    "金海湾",
    "众诚",
    "恒瑞祥",
    "蓝湾",
    "瑞禾",
    "顺达",
    "宏远",
    "润泽",
    "嘉禾",
    "百川",
    "鼎盛",
    "新翔",
    "德源",
    "云帆",
    "佳和",
    "安居",
    "惠民",
    "华茂",
    "天润",
    "启航",
    "正扬",
    "永兴",
)
_TRADES = (
    "水产养殖",
    "食品",
    "电子商务",
    "物流",
    "建材",
    "机械",
    "农资",
    "餐饮管理",
    "商贸",
    "冷链",
    "苗种",
    "汽车服务",
    "建筑工程",
    "环保科技",
    "酒店管理",
    "装饰工程",
    "生态农业",
    "医疗器械",
    "人力资源",
)
_FORMS = ("有限公司", "有限公司", "有限公司", "专业合作社", "经营部", "工贸有限公司")
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Invented:
    """An applicant: a person, or an enterprise with its credit code and a contact."""

    name: str
    phone: str
    uscc: str = ""
    contact: str = ""


def person(dice: Random) -> Invented:
    """A person with a made-up mobile number."""
    return Invented(_person_name(dice), _phone(dice))


def enterprise(dice: Random) -> Invented:
    """An enterprise whose credit code has a right check digit and belongs to nobody."""
    name = dice.choice(_PLACES) + dice.choice(_NAMES) + dice.choice(_TRADES) + dice.choice(_FORMS)
    return Invented(name, _phone(dice), _uscc(dice), _person_name(dice))


def _person_name(dice: Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.choice(_GIVEN) for _ in range(dice.choice((1, 2, 2))))


def _phone(dice: Random) -> str:
    # 199 with zeros behind it: a number that a reader sees to be made up.
    return f"1990000{dice.randrange(10_000):04d}"


def _uscc(dice: Random) -> str:
    """Registered with the market authority (91) in division 320707; the inner code begins with MA0."""
    inner = "MA0" + "".join(dice.choice(_LETTERS) for _ in range(5))
    body = "91320707" + inner + inner_check(inner)
    return body + uscc_check(body)
